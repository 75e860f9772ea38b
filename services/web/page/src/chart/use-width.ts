import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Width of an element in pixels as it changes. */
export function useWidth(): [RefObject<HTMLDivElement>, number] {
	const ref = useRef<HTMLDivElement>(null);
	const [width, setWidth] = useState(600);
	useEffect(() => {
		const observer = new ResizeObserver(([entry]) =>
			setWidth(Math.max(240, Math.floor(entry!.contentRect.width))),
		);
		observer.observe(ref.current!);
		return () => observer.disconnect();
	}, []);
	return [ref, width];
}
