"""docker-compose.yml: valid, safe, and made of commands that really run.

No Docker engine is needed: the file is held against the Compose specification's schema
(compose-spec.json, from the compose-spec project, Apache License 2.0), and what its services run is
run here, on this test's own PostgreSQL and Odoo.
"""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from oms_cli.database import Databases
from oms_cli.platform import Platform
from oms_cli.platform_odoo import read_configuration
from oms_cli.ports import next_free

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
PASSWORDS = {"POSTGRES_PASSWORD": "a secret", "ODOO_ADMIN_PASSWORD": "another secret"}

# The image's entry point: it adds the database's address to what it runs.
ENTRY_POINT = """#!/bin/sh
shift
subcommand=$1
shift
exec "$TEST_PYTHON" -W ignore "$TEST_LAUNCHER" "$subcommand" "$@" --config "$TEST_CONFIG"
"""


def interpolate(text: str, environ: dict[str, str]) -> str:
    """Replace `${NAME:-default}` and `${NAME:?message}` as Compose does."""

    def value(match: re.Match[str]) -> str:
        name, kind, word = match.groups()
        if environ.get(name):
            return environ[name]
        if kind == "-":
            return str(word)
        raise KeyError(name)

    return VARIABLE.sub(value, text)


@pytest.fixture(scope="module")
def text() -> str:
    return (REPOSITORY / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(interpolate(text, PASSWORDS))["services"]
    return loaded


def test_it_is_valid_by_the_compose_specification(text: str) -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
    document = yaml.safe_load(interpolate(text, PASSWORDS))
    jsonschema.Draft7Validator(schema).validate(document)
    document["services"]["db"]["imagine"] = "a key that there is not"
    assert not jsonschema.Draft7Validator(schema).is_valid(document)


def test_it_does_not_start_without_passwords_and_has_no_default_for_them(text: str) -> None:
    for missing in PASSWORDS:
        given = {name: value for name, value in PASSWORDS.items() if name != missing}
        with pytest.raises(KeyError, match=missing):
            interpolate(text, given)
    example = (DEPLOY / "env.example").read_text()
    assert all(f"\n{name}=\n" in f"\n{example}" for name in PASSWORDS)


def test_the_images_are_the_official_ones(services: dict[str, dict[str, Any]]) -> None:
    images = {name: service["image"] for name, service in services.items()}
    assert images == {
        "db": "postgres:17",
        "init": "odoo:19.0",
        "odoo": "odoo:19.0",
        "odoo-workers": "odoo:19.0",
        "proxy": "nginx:1.28",
    }


def test_every_service_is_hardened_and_watched(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert service["user"] not in ("root", "0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "test" in service["healthcheck"] or name == "init"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_data_outlives_the_containers(text: str, services: dict[str, dict[str, Any]]) -> None:
    volumes = yaml.safe_load(interpolate(text, PASSWORDS))["volumes"]
    assert set(volumes) == {"odoo-data", "postgres-data"}
    assert "postgres-data:/var/lib/postgresql/data" in services["db"]["volumes"]
    assert "odoo-data:/var/lib/odoo" in services["odoo"]["volumes"]
    assert read_configuration(DEPLOY / "odoo.conf")["data_dir"] == "/var/lib/odoo"


def test_services_start_in_the_order_in_which_they_need_each_other(
    services: dict[str, dict[str, Any]],
) -> None:
    needs = {name: service.get("depends_on", {}) for name, service in services.items()}
    assert needs["init"] == {"db": {"condition": "service_healthy"}}
    assert needs["odoo"] == {"init": {"condition": "service_completed_successfully"}}
    assert needs["odoo-workers"] == needs["odoo"]
    assert needs["proxy"] == {"odoo-workers": {"condition": "service_healthy"}}


def test_mounted_files_exist(services: dict[str, dict[str, Any]]) -> None:
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    sources = {mount.partition(":")[0] for mount in mounts if mount.startswith("./")}
    assert sources >= {"./addons", "./deploy/odoo.conf", "./deploy/nginx.conf"}
    assert all((REPOSITORY / source).exists() for source in sources)


def test_the_proxy_sends_each_path_to_the_port_that_serves_it(
    services: dict[str, dict[str, Any]],
) -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    upstreams = dict(re.findall(r"upstream (\S+) \{\s+server (\S+);", nginx))
    assert upstreams == {"odoo": "odoo-workers:8069", "odoo-gevent": "odoo-workers:8072"}
    assert re.search(r"location /websocket \{\s+proxy_pass http://odoo-gevent;", nginx)
    assert "--gevent-port=8072" in services["odoo-workers"]["command"]
    assert "--proxy-mode" in services["odoo-workers"]["command"]
    assert "--proxy-mode" not in services["odoo"]["command"]
    assert f"listen {services['proxy']['ports'][0].rpartition(':')[2]};" in nginx


@pytest.fixture
def container(platform: Platform, tmp_path: Path) -> dict[str, str]:
    """The environment of a container: the image's entry point, the deployment's configuration."""
    entry_point = tmp_path / "entrypoint.sh"
    entry_point.write_text(ENTRY_POINT)
    entry_point.chmod(0o755)
    inside = ("addons_path", "data_dir")
    options = read_configuration(DEPLOY / "odoo.conf")
    kept = {name: value for name, value in options.items() if name not in inside}
    return {
        **platform.environment(),
        "ODOO_ENTRYPOINT": str(entry_point),
        "TEST_PYTHON": str(platform.python.python),
        "TEST_LAUNCHER": str(platform.launcher()),
        "TEST_CONFIG": str(platform.configuration("deploy", **kept)),
        "ODOO_DATABASE": f"oms_deploy_p{os.getpid()}",
        **PASSWORDS,
    }


@pytest.fixture
def deployed(platform: Platform, container: dict[str, str]) -> Iterator[str]:
    """Name of the deployment's database, dropped afterwards; it starts as plain Odoo's, if any."""
    databases, name = Databases(platform), container["ODOO_DATABASE"]
    base = os.environ.get("OMS_BASE_DATABASE")
    if base:
        databases.copy(base, name)
    yield name
    databases.drop(name)


def run_init(container: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", DEPLOY / "init.sh"], env=container, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def log_in(url: str, database: str, password: str) -> bool:
    """Whether the administrator gets in with `password`."""
    login = {"db": database, "login": "admin", "password": password}
    request = urllib.request.Request(
        f"{url}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": login}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return "result" in json.load(answer)


def answers(port: int, path: str, server: subprocess.Popen[bytes]) -> int:
    """Status of a plain HTTP request, once something listens on `port`."""
    deadline = time.monotonic() + 90
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                return int(connection.makefile("rb").readline().split()[1])
        except ConnectionError:
            assert server.poll() is None, "Odoo ended"
            assert time.monotonic() < deadline, f"nothing answers on port {port}"
            time.sleep(0.3)


def test_what_the_services_run_brings_up_the_addon(
    platform: Platform,
    container: dict[str, str],
    deployed: str,
    services: dict[str, dict[str, Any]],
    text: str,
) -> None:
    """init twice (it repeats harmlessly), then the workers on their two ports."""
    run_init(container)
    run_init(container)
    installed = "SELECT state FROM ir_module_module WHERE name = 'oms_extension'"
    assert Databases(platform).query(deployed, installed).strip() == "installed"

    environ = {**PASSWORDS, "ODOO_DATABASE": deployed, "ODOO_WORKERS": "2"}
    document = yaml.safe_load(interpolate(text, environ))["services"]["odoo-workers"]
    http = next_free(8880, "Odoo", "")
    gevent = next_free(http + 1, "Odoo", "")
    command = [word.replace("8072", str(gevent)) for word in document["command"]]
    workers = subprocess.Popen(
        [container["ODOO_ENTRYPOINT"], *command, f"--http-port={http}"],
        env=container,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{http}"
    try:
        health = services["odoo-workers"]["healthcheck"]["test"][-1]
        assert answers(http, health.partition(":8069")[2], workers) == 200
        assert log_in(url, deployed, PASSWORDS["ODOO_ADMIN_PASSWORD"])
        assert not log_in(url, deployed, "admin"), "Odoo's default password still opens"
        # The gevent worker takes websockets alone: without the upgrade it asks for one.
        assert answers(gevent, "/websocket", workers) in (400, 426)
    finally:
        workers.send_signal(signal.SIGTERM)
        workers.wait(60)


def test_the_single_process_service_runs(
    container: dict[str, str], database: str, services: dict[str, dict[str, Any]], text: str
) -> None:
    environ = {**PASSWORDS, "ODOO_DATABASE": database}
    command = yaml.safe_load(interpolate(text, environ))["services"]["odoo"]["command"]
    assert command == [*services["odoo"]["command"][:2], f"--database={database}"]
    done = subprocess.run(
        [container["ODOO_ENTRYPOINT"], *command, "--stop-after-init", "--no-http"],
        env=container,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Modules loaded." in done.stderr
