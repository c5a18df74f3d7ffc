"""What a person sees when the platform is up."""

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from openactions_local import demo_origin
from openactions_local.owners import OTHER_PATHS
from openactions_local.platform import Running


def show(up: Running, console: Console) -> None:
    """The services with their health, the owner's token, the address, and what to try next."""
    console.print()
    console.print(_services(up))
    if up.owner_token:  # outside the frame and never wrapped, so that it can be copied
        console.print()
        console.print("Owner token, shown this once; keep it:")
        console.print(up.owner_token, style="bold", soft_wrap=True)
        console.print()
    if up.sign_in_link:  # as above
        console.print()
        console.print("Sign in with a browser (once, within 10 minutes):")
        console.print(up.sign_in_link, style="bold", soft_wrap=True)
        console.print()
    console.print(Panel(Group(*_lines(up)), title=f"OpenActions is up ({up.seconds:.1f} s)"))


def _services(up: Running) -> Table:
    """A row for each process; what a program may look for in it is never wrapped."""
    table = Table(box=None, padding=(0, 1))
    table.add_column("service", style="bold", no_wrap=True)
    table.add_column("health")
    table.add_column("process", style="dim", no_wrap=True)
    if up.addresses:
        table.add_column("address", style="dim", no_wrap=True)
    table.add_column("paths", style="dim")

    def add(name: str, health: str, paths: str = "") -> None:
        pid = f"pid {pids[name]}" if name in pids else ""
        address = [up.addresses.get(name, "")] if up.addresses else []
        table.add_row(name, health, pid, *address, paths)

    pids = {child.name: child.pid for child in up.supervisor.children}
    for child in up.supervisor.children:
        if child.name not in up.health:
            add(child.name, "[green]running[/]" if child.running else "[red]ended[/]")
    for name, checks in up.health.items():
        bad = [f"{what}: {state}" for what, state in checks.items() if state != "ok"]
        health = f"[red]{', '.join(bad)}[/]" if bad else "[green]ready[/]"
        paths = [f"/v1/{each}" for each in up.paths.get(name, ())]
        add(name, health, " ".join((*paths, *OTHER_PATHS.get(name.partition("-")[0], ()))))
    return table


def _lines(up: Running) -> list[str]:
    lines = [f"URL           {up.url}", f"API docs      {up.url}/docs"]
    if not up.owner_token:
        lines.append("Owner token   [dim]shown at the first start; lost it? --new-owner-token[/]")
    if up.sign_in_link:
        lines.append("Sign in       [dim]another link: ./openactions sign-in[/]")
    if up.allowed_origins:
        lines += [
            f"Own APIs      {', '.join(up.allowed_origins)}",
            "              may be called once a workspace allows the host",
        ]
    lines.append(f"Demo          {demo_origin.origin(up.demo_port)} may be called on loopback")
    lines += [f"[dim]{note}[/]" for note in up.notes]
    port = "" if up.demo_port == demo_origin.PORT else f" --demo-port {up.demo_port}"
    lines.append(f"Try           ./openactions demo{port}        Stop          Ctrl-C")
    return lines
