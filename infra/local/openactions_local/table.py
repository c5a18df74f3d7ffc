"""What a person sees when the platform is up."""

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from openactions_local import demo_api
from openactions_local.platform import Running
from openactions_local.services import OWNED_SEGMENTS, service_of


def show(up: Running, console: Console) -> None:
    """The services with their health, the owner's token, the address, and what to try next."""
    console.print()
    console.print(_services(up))
    if up.owner_token:  # outside the frame and never wrapped, so that it can be copied
        console.print()
        console.print("Owner token, shown this once; keep it:")
        console.print(up.owner_token, style="bold", soft_wrap=True)
        console.print()
    console.print(Panel(Group(*_lines(up)), title=f"OpenActions is up ({up.seconds:.1f} s)"))


def _services(up: Running) -> Table:
    table = Table(box=None, padding=(0, 2))
    for heading in ("service", "health", "paths"):
        table.add_column(heading, style="bold" if heading == "service" else "")
    for child in up.supervisor.children:
        if child.name not in up.health:
            state = "[green]running[/]" if child.running else "[red]ended[/]"
            table.add_row(child.name, state, f"[dim]pid {child.pid}[/]")
    pids = {child.name: child.pid for child in up.supervisor.children}
    for name, checks in up.health.items():
        bad = [f"{what}: {state}" for what, state in checks.items() if state != "ok"]
        health = f"[red]{', '.join(bad)}[/]" if bad else "[green]ready[/]"
        paths = " ".join(f"/v1/{segment}" for segment in OWNED_SEGMENTS[service_of(name)])
        pid = f"  pid {pids[name]}" if name in pids else ""
        table.add_row(name, health, f"[dim]{paths}{pid}[/]")
    return table


def _lines(up: Running) -> list[str]:
    lines = [f"URL           {up.url}", f"API docs      {up.url}/-/<service>/docs"]
    if not up.owner_token:
        lines.append("Owner token   [dim]shown at the first start; lost it? --new-owner-token[/]")
    lines.append(f"Let through   {demo_api.let_through(up.demo_port)}  [dim]for the demo only[/]")
    lines += [f"[dim]{note}[/]" for note in up.notes]
    lines.append("Try           ./openactions demo        Stop          Ctrl-C")
    return lines
