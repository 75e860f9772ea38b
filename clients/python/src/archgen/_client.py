"""Synchronous client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import grpc

from . import _requests as requests
from ._answers import (
    Answer,
    Counts,
    Evaluation,
    Job,
    Network,
    Proxy,
    Scores,
    Synonym,
    answer_of,
    evaluation_of,
    job_of,
    job_progress,
    progress_of,
    proxy_of,
    scores_of,
    synonym_of,
)
from ._connection import Connection, Pem, StreamPosition
from ._errors import ArchgenError, from_rpc_error, translated
from ._messages import Document
from ._options import with_options
from ._progress import Bars, OnProgress
from ._requests import DEFAULT_PROXIES, BatchNormMode, Format, GenerationOptions, JobOptions
from .common.v1 import network_pb2
from .orchestrator.v1 import evolution_job_pb2, evolution_job_pb2_grpc, orchestrator_pb2, orchestrator_pb2_grpc
from .zcproxy.v1 import zcproxy_pb2, zcproxy_pb2_grpc

if TYPE_CHECKING:
    from typing_extensions import Unpack


def subject_of(network: Network | Document) -> Document:
    """The JSON of what is to be scored or counted."""
    return network.json if isinstance(network, Network) else network


class Client:
    """Calls an orchestrator and its services; close it, or use it as a context manager.

    Without an address it asks ARCHGEN_ADDRESS, else an orchestrator at 127.0.0.1:50050, else starts the services. Every method raises
    ArchgenError: InvalidArgument names the offending argument, Unavailable says that nothing answers.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        zc_proxy_address: str | None = None,
        token: str | None = None,
        ca: Pem | None = None,
        certificate: Pem | None = None,
        private_key: Pem | None = None,
    ) -> None:
        """`ca` is the authority of the server's certificate (path or PEM bytes), or "system"; without it the connection is plaintext."""
        if address is None:
            from ._session import default_connection

            self._open(default_connection())
        else:
            self._open(
                Connection.create(
                    address,
                    zc_proxy_address=zc_proxy_address,
                    token=token,
                    ca=ca,
                    certificate=certificate,
                    private_key=private_key,
                )
            )

    @classmethod
    def _on(cls, connection: Connection) -> Client:
        client = cls.__new__(cls)
        client._open(connection)
        return client

    def _open(self, connection: Connection) -> None:
        #: Where it calls.
        self.connection = connection
        self._channels: dict[str, grpc.Channel] = {}
        self._closed = False
        #: Searches that run on the orchestrator.
        self.jobs = Jobs(self)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection. Files of networks that it answered are then asked of the default one."""
        self._closed = True
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()

    @with_options(GenerationOptions)
    def generate(self, *, progress: bool = True, on_progress: OnProgress | None = None, **options: Unpack[GenerationOptions]) -> Answer:
        """Networks under budgets, best first.

        Bounds go in any combination: `max_` and `min_` for `flop_count`, `mac_count` and `parameter_count`. `progress` shows a bar for
        each step, `on_progress` is called with each `Progress`. An answer without networks says why in `reason`.
        """
        spec = requests.generation_spec(options)
        with Bars(progress, on_progress) as bars:
            return self._generate(spec, bars)

    def _generate(self, spec: Any, report: OnProgress) -> Answer:
        def open_stream(position: str) -> Any:
            request = orchestrator_pb2.GenerateNetworksRequest(spec=spec, resume_token=position)
            return self._orchestrator.GenerateNetworks(request, metadata=self.connection.metadata)

        answer = None
        for message in follow(open_stream, lambda message: str(message.resume_token)):
            if message.HasField("result"):
                answer = answer_of(message.result, self._export_later)
            else:
                report(progress_of(message.progress))
        if answer is None:
            raise ArchgenError("The stream ended without an answer.", category="UNAVAILABLE", reason="NO_RESULT")
        return answer

    def score(
        self,
        network: Network | Document,
        proxies: Sequence[str] = DEFAULT_PROXIES,
        *,
        size: int | None = None,
        batch_size: int = 64,
        seed: int = 0,
        bn_mode: BatchNormMode = "eval",
    ) -> Scores:
        """Zero-cost scores of one network or cell: a `Network`, JSON as dict or text, or the path of a file.

        `size` scores at another input size than the network's own, as requests do above 64 pixels (with `batch_size=16`); counts stay
        those of its own. `bn_mode` is that of the proxies that have none of their own.
        """
        request = requests.evaluation(subject_of(network), proxies=proxies, size=size, batch_size=batch_size, seed=seed, bn_mode=bn_mode)
        return scores_of(self._evaluate(request))

    def count(self, network: Network | Document) -> Counts:
        """Exact counts of a network, or of a cell as the network that scores it."""
        request = requests.evaluation(subject_of(network), proxies=["parameters"], batch_size=2)
        return scores_of(self._evaluate(request)).counts

    def _evaluate(self, request: zcproxy_pb2.EvaluateBatchRequest) -> Any:
        while True:
            try:
                return self._call(self._zc_proxy.EvaluateBatch, request)
            except ArchgenError as error:
                if error.category != "RESOURCE_EXHAUSTED" or error.retry_after is None:
                    raise
                time.sleep(error.retry_after)

    def proxies(self) -> list[Proxy]:
        """The proxies that the services compute."""
        reply = self._call(self._zc_proxy.ListProxies, zcproxy_pb2.ListProxiesRequest())
        return [proxy_of(proxy) for proxy in reply.proxies]

    def synonyms(
        self,
        cell: Document,
        count: int = 10,
        *,
        cell_generator: str = "",
        temperature: float | None = None,
        seed: int = 0,
        model_version: str = "",
    ) -> list[Synonym]:
        """Cells that do what a given cell does, nearest first; fewer than `count` where the generator only repeats itself."""
        request = requests.synonyms(
            cell,
            count=count,
            cell_generator=cell_generator,
            temperature=temperature,
            seed=seed,
            model_version=model_version,
        )
        return [synonym_of(synonym) for synonym in self._call(self._orchestrator.SampleSynonyms, request).synonyms]

    def export(self, network: Network | Document | network_pb2.Network, formats: Sequence[Format], *, seed: int = 0) -> dict[Format, bytes]:
        """Files of a network by format; `seed` is that of the weights in ONNX and TensorFlow Lite files."""
        request = requests.export(requests.network_message(network), formats, seed)
        pieces: dict[int, bytearray] = {}
        with translated():
            for piece in self._orchestrator.ExportNetwork(request, metadata=self.connection.metadata):
                pieces.setdefault(piece.format, bytearray()).extend(piece.content)
        return {name: bytes(pieces[requests.FORMATS[name]]) for name in formats}

    def _export_later(self, network: network_pb2.Network, formats: Sequence[Format], seed: int) -> Mapping[Format, bytes]:
        if self._closed:
            from ._session import default_exporter

            return default_exporter(network, formats, seed)
        return self.export(network, formats, seed=seed)

    def _channel(self, address: str) -> grpc.Channel:
        if self._closed:
            raise ValueError("The client is closed.")
        if address not in self._channels:
            self._channels[address] = self.connection.channel(address)
        return self._channels[address]

    @property
    def _orchestrator(self) -> Any:
        return orchestrator_pb2_grpc.OrchestratorServiceStub(self._channel(self.connection.address))

    @property
    def _zc_proxy(self) -> Any:
        return zcproxy_pb2_grpc.ZcProxyServiceStub(self._channel(self.connection.scoring_address))

    @property
    def _jobs(self) -> Any:
        return evolution_job_pb2_grpc.EvolutionJobServiceStub(self._channel(self.connection.address))

    def _call(self, method: Callable[..., Any], request: object) -> Any:
        with translated():
            return method(request, metadata=self.connection.metadata)


class Jobs:
    """Searches that an orchestrator runs and that survive restarts (`client.jobs`). Names are "evolutionJobs/{id}" or just the id."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @with_options(JobOptions)
    def create(self, *, id: str = "", run: bool = False, validate_only: bool = False, **options: Unpack[JobOptions]) -> Job:
        """Creates a search, and with `run` starts it; with `validate_only` it is only checked."""
        request = requests.create_job(options, id, validate_only)
        job = self._of(self._call("CreateEvolutionJob", request).evolution_job)
        return self.run(job.name) if run and not validate_only else job

    def run(self, name: str) -> Job:
        """Starts a job that was created, was cancelled or has failed."""
        self._call("RunEvolutionJob", evolution_job_pb2.RunEvolutionJobRequest(name=requests.job_name(name)))
        return self.get(name)

    def get(self, name: str) -> Job:
        """Describes a job."""
        request = evolution_job_pb2.GetEvolutionJobRequest(name=requests.job_name(name))
        return self._of(self._call("GetEvolutionJob", request).evolution_job)

    def list(self) -> Iterator[Job]:
        """All jobs, the latest first."""
        token = ""
        while True:
            request = evolution_job_pb2.ListEvolutionJobsRequest(page_size=100, page_token=token)
            page = self._call("ListEvolutionJobs", request)
            yield from (self._of(job) for job in page.evolution_jobs)
            token = page.next_page_token
            if not token:
                return

    def watch(self, name: str) -> Iterator[Job]:
        """A job now and whenever it has changed, to its end. The connection may break on the way; leaving the loop stops only watching."""
        request = evolution_job_pb2.WatchEvolutionJobRequest(name=requests.job_name(name))
        metadata = self._client.connection.metadata
        for message in follow(lambda _: self._client._jobs.WatchEvolutionJob(request, metadata=metadata)):
            yield self._of(message.evolution_job)

    def wait(self, name: str, *, progress: bool = True, on_progress: OnProgress | None = None) -> Job:
        """Follows a job with a bar to its end."""
        last = None
        with Bars(progress, on_progress) as bars:
            for job in self.watch(name):
                last = job
                bars(job_progress(job))
        return last or self.get(name)

    def cancel(self, name: str) -> Job:
        """Stops a job; it can be resumed."""
        request = evolution_job_pb2.CancelEvolutionJobRequest(name=requests.job_name(name))
        return self._of(self._call("CancelEvolutionJob", request).evolution_job)

    def resume(self, name: str) -> Job:
        """Continues a job that was cancelled, has failed, or whose orchestrator is gone."""
        self._call("ResumeEvolutionJob", evolution_job_pb2.ResumeEvolutionJobRequest(name=requests.job_name(name)))
        return self.get(name)

    def delete(self, name: str) -> None:
        """Deletes a job that does not run, with its history."""
        self._call("DeleteEvolutionJob", evolution_job_pb2.DeleteEvolutionJobRequest(name=requests.job_name(name)))

    def evaluations(self, name: str) -> Iterator[Evaluation]:
        """The evaluations of a job in order of completion."""
        token = ""
        while True:
            request = evolution_job_pb2.ListEvaluationsRequest(parent=requests.job_name(name), page_size=1000, page_token=token)
            page = self._call("ListEvaluations", request)
            yield from (evaluation_of(item, self._client._export_later) for item in page.evaluations)
            token = page.next_page_token
            if not token:
                return

    def _call(self, method: str, request: object) -> Any:
        return self._client._call(getattr(self._client._jobs, method), request)

    def _of(self, job: evolution_job_pb2.EvolutionJob) -> Job:
        return job_of(job, self._client._export_later)


def follow(open_stream: Callable[[str], Any], position_of: Callable[[Any], str] = lambda _: "") -> Iterator[Any]:
    """Messages of a stream that is opened again, where it was left, when the server ends it or the connection is lost."""
    position = StreamPosition()
    while True:
        stream = open_stream(position.position)
        try:
            for message in stream:
                position.heard(position_of(message))
                yield message
            return
        except grpc.RpcError as error:
            failure = from_rpc_error(error)
        finally:
            stream.cancel()
        time.sleep(position.after(failure))
