"""In production, too, the console is files alone: it sees no other server (decision 43)."""

import yaml


def test_the_console_sees_neither_broker_nor_database_and_waits_for_nothing(root):
    console = yaml.safe_load((root / "docker-compose.yml").read_text())["services"]["console"]

    assert console["networks"] == ["front"]
    assert "depends_on" not in console
    assert not {name for name in console["environment"] if "URL" in name or "KEY" in name}


def test_images_hold_no_sources_of_the_web_pages_and_no_node(root):
    ignored = (root / ".dockerignore").read_text().splitlines()
    dockerfile = (root / "services/console/Dockerfile").read_text()

    assert {"services/console/web", "**/node_modules"} <= set(ignored)
    assert not {"node", "npm"} & set(dockerfile.lower().split())
