"""Serve the replica papers: `python -m crawlers.replica --port 8099`."""

from __future__ import annotations

import argparse
import signal

from crawlers.replica import Faults, demo_papers, grown_papers, serve


def main() -> None:
    """Serve until interrupted; the first line printed says where and for which hosts."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.replica", description="Testaviser på 127.0.0.1")
    parser.add_argument("--port", type=int, default=8099, help="porten; 0 velger en ledig")
    parser.add_argument("--grown", type=int, default=0, help="så mange oppdiktede saker i stedet for demoens tekster")
    parser.add_argument("--seed", type=int, default=1, help="frø for oppdiktede saker og feil")
    parser.add_argument("--faults", type=float, default=0.0, help="andel svar som feiler (0 til 1)")
    options = parser.parse_args()
    papers = grown_papers(options.grown, seed=options.seed) if options.grown else demo_papers()
    faults = Faults(seed=options.seed, rate=options.faults) if options.faults else None
    with serve(papers, port=options.port, faults=faults) as served:
        print(f"127.0.0.1:{served.port} {' '.join(sorted(served.hosts))}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
