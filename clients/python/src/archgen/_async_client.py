"""Asynchronous client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio

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
from ._client import subject_of
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


class AsyncClient:
    """`Client` with coroutines. Files of the networks that it answers are asked by blocking calls, or with `await client.export`."""

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
        """As `Client`; without an address the services are found or started with the first call."""
        self._connection = (
            None
            if address is None
            else Connection.create(
                address,
                zc_proxy_address=zc_proxy_address,
                token=token,
                ca=ca,
                certificate=certificate,
                private_key=private_key,
            )
        )
        self._channels: dict[str, grpc.aio.Channel] = {}
        #: Searches that run on the orchestrator.
        self.jobs = AsyncJobs(self)

    async def __aenter__(self) -> AsyncClient:
        await self._connected()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection."""
        for channel in self._channels.values():
            await channel.close()
        self._channels.clear()

    @with_options(GenerationOptions)
    async def generate(
        self, *, progress: bool = True, on_progress: OnProgress | None = None, **options: Unpack[GenerationOptions]
    ) -> Answer:
        """Networks under budgets, best first; see `Client.generate`."""
        spec = requests.generation_spec(options)
        stub = await self._orchestrator()

        def open_stream(position: str) -> Any:
            request = orchestrator_pb2.GenerateNetworksRequest(spec=spec, resume_token=position)
            return stub.GenerateNetworks(request, metadata=self._metadata)

        answer = None
        with Bars(progress, on_progress) as bars:
            async for message in follow(open_stream, lambda message: str(message.resume_token)):
                if message.HasField("result"):
                    answer = answer_of(message.result, self._export_later)
                else:
                    bars(progress_of(message.progress))
        if answer is None:
            raise ArchgenError("The stream ended without an answer.", category="UNAVAILABLE", reason="NO_RESULT")
        return answer

    async def score(
        self,
        network: Network | Document,
        proxies: Sequence[str] = DEFAULT_PROXIES,
        *,
        size: int | None = None,
        batch_size: int = 64,
        seed: int = 0,
        bn_mode: BatchNormMode = "eval",
    ) -> Scores:
        """Zero-cost scores of one network or cell; see `Client.score`."""
        request = requests.evaluation(subject_of(network), proxies=proxies, size=size, batch_size=batch_size, seed=seed, bn_mode=bn_mode)
        return scores_of(await self._evaluate(request))

    async def count(self, network: Network | Document) -> Counts:
        """Exact counts of a network, or of a cell as the network that scores it."""
        request = requests.evaluation(subject_of(network), proxies=["parameters"], batch_size=2)
        return scores_of(await self._evaluate(request)).counts

    async def _evaluate(self, request: zcproxy_pb2.EvaluateBatchRequest) -> Any:
        stub = await self._zc_proxy()
        while True:
            try:
                return await self._call(stub.EvaluateBatch, request)
            except ArchgenError as error:
                if error.category != "RESOURCE_EXHAUSTED" or error.retry_after is None:
                    raise
                await asyncio.sleep(error.retry_after)

    async def proxies(self) -> list[Proxy]:
        """The proxies that the services compute."""
        stub = await self._zc_proxy()
        reply = await self._call(stub.ListProxies, zcproxy_pb2.ListProxiesRequest())
        return [proxy_of(proxy) for proxy in reply.proxies]

    async def synonyms(
        self,
        cell: Document,
        count: int = 10,
        *,
        cell_generator: str = "",
        temperature: float | None = None,
        seed: int = 0,
        model_version: str = "",
    ) -> list[Synonym]:
        """Cells that do what a given cell does, nearest first; see `Client.synonyms`."""
        request = requests.synonyms(
            cell,
            count=count,
            cell_generator=cell_generator,
            temperature=temperature,
            seed=seed,
            model_version=model_version,
        )
        stub = await self._orchestrator()
        return [synonym_of(synonym) for synonym in (await self._call(stub.SampleSynonyms, request)).synonyms]

    async def export(
        self, network: Network | Document | network_pb2.Network, formats: Sequence[Format], *, seed: int = 0
    ) -> dict[Format, bytes]:
        """Files of a network by format; see `Client.export`."""
        request = requests.export(requests.network_message(network), formats, seed)
        pieces: dict[int, bytearray] = {}
        stub = await self._orchestrator()
        with translated():
            async for piece in stub.ExportNetwork(request, metadata=self._metadata):
                pieces.setdefault(piece.format, bytearray()).extend(piece.content)
        return {name: bytes(pieces[requests.FORMATS[name]]) for name in formats}

    def _export_later(self, network: network_pb2.Network, formats: Sequence[Format], seed: int) -> dict[Format, bytes]:
        from ._session import client_of

        return client_of(self._connection).export(network, formats, seed=seed)

    async def _connected(self) -> Connection:
        if self._connection is None:
            from ._session import default_connection

            self._connection = await asyncio.to_thread(default_connection)
        return self._connection

    def _channel(self, connection: Connection, address: str) -> grpc.aio.Channel:
        if address not in self._channels:
            self._channels[address] = connection.async_channel(address)
        return self._channels[address]

    @property
    def _metadata(self) -> Any:
        return None if self._connection is None else tuple(self._connection.metadata)

    async def _orchestrator(self) -> Any:
        connection = await self._connected()
        return orchestrator_pb2_grpc.OrchestratorServiceStub(self._channel(connection, connection.address))

    async def _zc_proxy(self) -> Any:
        connection = await self._connected()
        return zcproxy_pb2_grpc.ZcProxyServiceStub(self._channel(connection, connection.scoring_address))

    async def _jobs(self) -> Any:
        connection = await self._connected()
        return evolution_job_pb2_grpc.EvolutionJobServiceStub(self._channel(connection, connection.address))

    async def _call(self, method: Callable[..., Any], request: object) -> Any:
        with translated():
            return await method(request, metadata=self._metadata)


class AsyncJobs:
    """`Jobs` with coroutines (`client.jobs`)."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @with_options(JobOptions)
    async def create(self, *, id: str = "", run: bool = False, validate_only: bool = False, **options: Unpack[JobOptions]) -> Job:
        """Creates a search, and with `run` starts it; with `validate_only` it is only checked."""
        request = requests.create_job(options, id, validate_only)
        job = self._of((await self._call("CreateEvolutionJob", request)).evolution_job)
        return await self.run(job.name) if run and not validate_only else job

    async def run(self, name: str) -> Job:
        """Starts a job that was created, was cancelled or has failed."""
        await self._call("RunEvolutionJob", evolution_job_pb2.RunEvolutionJobRequest(name=requests.job_name(name)))
        return await self.get(name)

    async def get(self, name: str) -> Job:
        """Describes a job."""
        request = evolution_job_pb2.GetEvolutionJobRequest(name=requests.job_name(name))
        return self._of((await self._call("GetEvolutionJob", request)).evolution_job)

    async def list(self) -> AsyncIterator[Job]:
        """All jobs, the latest first."""
        token = ""
        while True:
            request = evolution_job_pb2.ListEvolutionJobsRequest(page_size=100, page_token=token)
            page = await self._call("ListEvolutionJobs", request)
            for job in page.evolution_jobs:
                yield self._of(job)
            token = page.next_page_token
            if not token:
                return

    async def watch(self, name: str) -> AsyncIterator[Job]:
        """A job now and whenever it has changed, to its end; see `Jobs.watch`."""
        request = evolution_job_pb2.WatchEvolutionJobRequest(name=requests.job_name(name))
        stub = await self._client._jobs()
        async for message in follow(lambda _: stub.WatchEvolutionJob(request, metadata=self._client._metadata)):
            yield self._of(message.evolution_job)

    async def wait(self, name: str, *, progress: bool = True, on_progress: OnProgress | None = None) -> Job:
        """Follows a job with a bar to its end."""
        last = None
        with Bars(progress, on_progress) as bars:
            async for job in self.watch(name):
                last = job
                bars(job_progress(job))
        return last or await self.get(name)

    async def cancel(self, name: str) -> Job:
        """Stops a job; it can be resumed."""
        request = evolution_job_pb2.CancelEvolutionJobRequest(name=requests.job_name(name))
        return self._of((await self._call("CancelEvolutionJob", request)).evolution_job)

    async def resume(self, name: str) -> Job:
        """Continues a job that was cancelled, has failed, or whose orchestrator is gone."""
        request = evolution_job_pb2.ResumeEvolutionJobRequest(name=requests.job_name(name))
        await self._call("ResumeEvolutionJob", request)
        return await self.get(name)

    async def delete(self, name: str) -> None:
        """Deletes a job that does not run, with its history."""
        request = evolution_job_pb2.DeleteEvolutionJobRequest(name=requests.job_name(name))
        await self._call("DeleteEvolutionJob", request)

    async def evaluations(self, name: str) -> AsyncIterator[Evaluation]:
        """The evaluations of a job in order of completion."""
        token = ""
        while True:
            request = evolution_job_pb2.ListEvaluationsRequest(parent=requests.job_name(name), page_size=1000, page_token=token)
            page = await self._call("ListEvaluations", request)
            for item in page.evaluations:
                yield evaluation_of(item, self._client._export_later)
            token = page.next_page_token
            if not token:
                return

    async def _call(self, method: str, request: object) -> Any:
        return await self._client._call(getattr(await self._client._jobs(), method), request)

    def _of(self, job: evolution_job_pb2.EvolutionJob) -> Job:
        return job_of(job, self._client._export_later)


async def follow(open_stream: Callable[[str], Any], position_of: Callable[[Any], str] = lambda _: "") -> AsyncIterator[Any]:
    """Messages of a stream that is opened again, where it was left, when the server ends it or the connection is lost."""
    position = StreamPosition()
    while True:
        stream = open_stream(position.position)
        try:
            async for message in stream:
                position.heard(position_of(message))
                yield message
            return
        except grpc.RpcError as error:
            failure = from_rpc_error(error)
        finally:
            stream.cancel()
        await asyncio.sleep(position.after(failure))
