"""The files in deploy/: each held against its format by a linter of its own, and every command they name run."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import crossplane
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from ruamel.yaml import YAML

from app.api import bodies
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
WEBS = ["webs.conf", "webs-compose.conf"]
#: What names no command of ours.
_COMMAND = re.compile(r"python\"?,? \"?-m\"?,? \"?(app(?:\.[\w.]+)?)\"?((?:,? \"?[\w-]+\"?)*)")


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a linter that a package of requirements-dev.txt brings."""
    program = Path(sys.executable).parent / name
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def of_debian(name: str) -> str:
    """A program of the system; continuous integration installs it, a desk may be without."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        assert "CI" not in os.environ, f"{name} is not installed"
        pytest.skip(f"{name} is not installed here")
    return found


def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(DEPLOY / "compose.yaml"))


def ours() -> dict[str, dict[str, Any]]:
    """The services of compose.yaml that run this project."""
    return {name: one for name, one in compose()["services"].items() if one["image"].startswith("keybatch-")}


def commands() -> Iterator[tuple[str, ...]]:
    """Every call of this project's modules in deploy/."""
    for path in (path for path in DEPLOY.rglob("*") if path.is_file()):
        for module, rest in _COMMAND.findall(path.read_text(encoding="utf-8")):
            yield module, *re.findall(r"[\w-]+", rest)


def test_the_container_file_is_one_and_a_good_one(tmp_path: Path):
    done = tool("hadolint", "--failure-threshold", "style", str(DEPLOY / "Containerfile"))
    assert done.returncode == 0, done.stdout
    bad = subprocess.run(
        [Path(sys.executable).parent / "hadolint", "-"],
        input="FROM x\nRUN cd /",
        capture_output=True,
        text=True,
        check=False,
    )
    assert bad.returncode == 1, "the linter lints"


def test_images_run_without_rights_and_hold_what_they_copy():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    for stage in stages:
        if re.search(r" AS (web|worker)$", stage, re.MULTILINE):
            assert "USER 10001:10001" in stage
            assert "HEALTHCHECK" in stage
            assert "CMD [" in stage.replace("HEALTHCHECK", "").rpartition("\n")[0]
    assert [re.search(r" AS ([\w-]+)", stage)[1] for stage in stages][-2:] == ["worker", "web"]  # type: ignore[index]
    for copied in re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE):
        assert (ROOT / copied).exists()


def test_the_compose_file_is_of_its_schema():
    done = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml")
    assert done.returncode == 0, done.stdout
    bad = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "pyproject.toml")
    assert bad.returncode == 1, "the linter lints"


def test_containers_are_locked_up_and_only_the_proxy_is_reached():
    whole = compose()
    for name, service in whole["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service or service["image"] in ("keybatch-web", "keybatch-worker"), name
        assert ("ports" in service) == (name == "proxy")
        assert set(service.get("secrets", ())) <= set(whole["secrets"])
        waits = service.get("depends_on", ())
        assert set(waits) <= set(whole["services"])
    assert set(ours()) == {"web-1", "web-2", "worker", "scheduler-1", "scheduler-2", "migrate"}


def test_what_is_set_is_a_setting_and_its_secret_is_there():
    known = set(Settings.described())
    for name, service in ours().items():
        for setting, value in service["environment"].items():
            plain = setting.removesuffix("_FILE")
            assert plain in known, (name, setting)
            assert not setting.endswith("_FILE") or value.removeprefix("/run/secrets/") in service["secrets"]
    for unit in SERVICES:
        text = unit.read_text(encoding="utf-8")
        given = re.findall(rf"^Environment=({PREFIX}\w+?)(?:_FILE=%d/(\w+)|=\S+)$", text, re.MULTILINE)
        assert {setting for setting, _ in given} <= known
        assert {secret for _, secret in given if secret} == set(
            re.findall(r"^LoadCredential=(\w+):", text, re.MULTILINE)
        )


def test_every_command_they_name_is_there():
    named = set(commands())
    assert {("app", "web"), ("app", "migrate"), ("app", "scheduler"), ("app", "alive", "web")} <= named
    for module, *arguments in sorted(named):
        if module == "app.web.build":
            continue  # the pages of the other tests are built by it
        command, options = arguments[0], [one for one in arguments if one.startswith("--")]
        done = subprocess.run(
            [sys.executable, "-m", module, command, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (module, arguments)
        assert all(option in done.stdout for option in options), (module, arguments)


def test_units_belong_together():
    names = {unit.name for unit in UNITS}
    assert names == {f"keybatch-{part}.service" for part in ("web", "worker", "scheduler", "migrate")} | {
        "keybatch.target"
    }
    for unit in SERVICES:
        text = unit.read_text(encoding="utf-8")
        assert set(re.findall(r"keybatch[\w-]*\.(?:service|target)", text)) <= names
        for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "DynamicUser=yes"):
            assert line in text


def test_units_are_ones_to_systemd(tmp_path: Path):
    analyze = of_debian("systemd-analyze")
    for unit in UNITS:  # what they start is not installed here
        text = unit.read_text(encoding="utf-8").replace("/opt/keybatch/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/opt/keybatch", str(ROOT)))
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run([analyze, "verify", *files], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "keybatch" in line]
    assert (done.returncode, said) == (0, [])
    for path in files[:-1]:
        checked = subprocess.run(
            [analyze, "security", "--offline=true", "--threshold=20", path], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout[-300:]


@pytest.fixture(params=WEBS)
def nginx(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A whole configuration of nginx around ours, with a certificate that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "keybatch.example.org")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    signed = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "fullchain.pem").write_bytes(signed)
    (tmp_path / "privkey.pem").write_bytes(secret)
    for ours in ("keybatch.conf", request.param):
        text = (DEPLOY / "nginx" / ours).read_text(encoding="utf-8").replace("/etc/nginx/tls", str(tmp_path))
        # Names of containers are known among containers alone.
        (tmp_path / f"{ours}.inc").write_text(re.sub(r"\bweb-(\d):8000", r"127.0.0.1:800\1", text))
    whole = tmp_path / "nginx.conf"
    includes = "".join(f"include {tmp_path}/{ours}.inc;" for ours in ("keybatch.conf", request.param))
    whole.write_text(f"pid {tmp_path}/pid;error_log stderr;events {{}}\nhttp {{ access_log off; {includes} }}\n")
    return whole


def test_the_proxys_file_is_read_as_it_is_meant(nginx: Path):
    read = crossplane.parse(str(nginx), combine=True)
    assert (read["status"], read["errors"]) == ("ok", [])

    def walk(block: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
        for one in block:
            yield one["directive"], one["args"]
            yield from walk(one.get("block", []))

    said = list(walk(read["config"][0]["parsed"]))
    assert ("client_max_body_size", [f"{bodies.MOST >> 20}m"]) in said
    assert ("proxy_set_header", ["X-Forwarded-For", "$remote_addr"]) in said
    assert ("proxy_set_header", ["Upgrade", "$http_upgrade"]) in said
    assert ("proxy_request_buffering", ["off"]) in said
    assert not [args for name, args in said if name == "proxy_next_upstream" and "non_idempotent" in args]
    assert len([args for name, args in said if name == "server" and args]) == 2


def test_the_proxys_file_is_one_to_nginx(nginx: Path):
    with tempfile.TemporaryDirectory() as prefix:
        command = [of_debian("nginx"), "-t", "-q", "-p", prefix, "-c", str(nginx)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
