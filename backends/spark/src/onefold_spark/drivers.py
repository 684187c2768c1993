"""The Spark drivers that sessions work on: started here, found running in this process, or behind Spark Connect.

All sessions on a driver that was started here share it; it stops when the last of them is closed. What was running
before is used, and left running, with sessions of its own, so that no setting of ours is seen by its owner.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession, is_remote

from onefold.errors import ConfigurationError, EngineError
from onefold.session.redaction import redacted
from onefold_spark.dialect import ENGINE
from onefold_spark.failures import unreached
from onefold_spark.options import Options

__all__ = ["Driver", "acquire"]

LEAST_JAVA = 17
_JAVA_OPTIONS = "spark.driver.extraJavaOptions"
_RETRIES = 5
"""How often a request to a Spark Connect server that does not answer is made again, over some 20 seconds; PySpark itself
goes on for ten minutes, and can not be interrupted."""
_FIRST_RETRIES = 2
"""The same for requests that find out whether it answers: less than a second."""
_JVM_GONE = (Py4JError, OSError)

_LOCK = threading.RLock()


@dataclass(eq=False)
class Driver:
    """A running Spark.

    Args:
        root: A session on it; plans run in sessions made from it.
        remote: Whether it is reached through Spark Connect.
        local: Whether driver and executors are processes of this machine.
        stop: Ends it; None when it is not ours to end.
        given: The settings that it was started with, some of which it writes in another way.
    """

    root: SparkSession
    remote: bool
    local: bool
    stop: Any = None
    given: Mapping[str, str] = field(default_factory=dict)
    users: int = field(default=0, init=False)
    _connected: list[Any] = field(default_factory=list, init=False)

    def session(self, settings: Mapping[str, str]) -> SparkSession:
        """Return a session of its own with settings.

        Raises:
            ConfigurationError: If a setting can not be changed while this Spark is running.
        """
        session = self.root.newSession()
        if self.remote:
            _retry(session, _RETRIES)
            self._connected.append(session)
        for name, value in settings.items():
            try:
                with warnings.catch_warnings():
                    # A setting at its default is pinned all the same: the owner of this Spark may have changed it.
                    warnings.filterwarnings("ignore", "The SQL config '.*' has been deprecated", UserWarning)
                    session.conf.set(name, value)
            except PySparkException as error:
                if value not in (session.conf.get(name, None), self.given.get(name)):
                    advice = "Close the sessions on this Spark, or open them all with it."
                    raise ConfigurationError(
                        f"The setting {name!r} can not become {value!r} while Spark is running: it is "
                        f"{session.conf.get(name, None)!r}. "
                        + (
                            "It is one of the Spark Connect server, which is started with it."
                            if self.remote
                            else advice
                        )
                    ) from error
        return session

    @property
    def alive(self) -> bool:
        """Whether it answers."""
        if self.remote:
            return _served(self.root)
        return _answers(self.root.sparkContext)

    def release(self) -> None:
        """Say that a session is closed; after the last one, a driver that was started here ends."""
        with _LOCK:
            self.users -= 1
            if not self.users:
                self.end()

    def end(self) -> None:
        """End it now, if it is ours to end; idempotent."""
        with _LOCK:
            if _STARTED.get("here") is self:
                del _STARTED["here"]
            stop, self.stop = self.stop, None
            while self._connected:  # one that is not stopped holds up the end of the process
                with _quietly(), contextlib.suppress(PySparkException, OSError):
                    self._connected.pop().stop()
            if stop is not None:
                stop()


_LOOKS = 10
"""How often packages are looked for."""

_STARTED: dict[str, Driver] = {}
"""The driver that was started here; there can be one in a process."""


@atexit.register
def _stop_all() -> None:
    """End what nobody closed: a JVM that outlives its files would leave new ones."""
    with _LOCK:
        if (driver := _STARTED.get("here")) is not None:
            driver.end()


def acquire(options: Options) -> Driver:
    """Return the driver for a session, started if there is none; to be released when the session is closed.

    Raises:
        ConfigurationError: If an option can not be had on the Spark that is running.
        EngineError: If Spark does not start, or can not be reached.
    """
    with _LOCK:
        driver = _connected(options.remote) if options.remote is not None else _found(options) or _classic(options)
        driver.users += 1
        return driver


def _connected(address: str) -> Driver:
    try:
        with _main_has_a_file():
            _find_packages()
            with _quietly():
                import pyspark.sql.connect.session as connect  # noqa: PLC0415 - its packages may be missing
    except ImportError as error:
        raise ConfigurationError(
            f"Spark Connect needs more packages: {error}. Install them with: pip install 'onefold-spark[connect]'"
        ) from error
    try:
        # A builder would make it the one that others in this process find.
        root: Any = connect.SparkSession(address)
    except PySparkException as error:
        raise ConfigurationError(f"The option remote is {redacted(address)!r}, which is no address: {error}") from error
    return _reached(root, f"the Spark Connect server {redacted(address)!r}")


def _find_packages() -> None:
    """Let PySpark find the packages that Spark Connect needs.

    It looks once in a process, and takes its own warning about a new pandas for a missing one where warnings are errors.
    What is hidden here can be an error again at once: another thread may end a block of its own.
    """
    for _ in range(_LOOKS):
        with _quietly():
            import pyspark.testing.utils as packages  # noqa: PLC0415 - it imports pandas

            if "does not yet fully support" not in packages.pandas_requirement_message:
                return
            importlib.reload(packages)


def _found(options: Options) -> Driver | None:
    """Return the driver behind the Spark Connect session that is active in this process, if there is one."""
    if not is_remote() or (options.master, options.memory, options.app_name) != (None, None, None):
        return None
    try:
        theirs = SparkSession.active()
    except PySparkException:
        return None
    return _reached(theirs.newSession(), "the Spark Connect server of the active session")


def _reached(root: Any, server: str) -> Driver:
    """Return the driver behind a session of ours on a Spark Connect server, after its first request."""
    _retry(root, _FIRST_RETRIES)
    host = root.client.host
    try:
        with _quietly():
            root.version  # noqa: B018 - the request
    except (PySparkException, OSError) as error:
        with contextlib.suppress(PySparkException, OSError):
            root.client.close()
        why = redacted(unreached(str(error)) or str(error))
        raise EngineError(f"{server} can not be reached: {why}", engine=ENGINE) from error
    return Driver(root, remote=True, local=host in ("localhost", "127.0.0.1", "[::1]"), stop=root.stop)


def _retry(session: Any, times: int) -> None:
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 - its packages may be missing

    session.client.set_retry_policies([DefaultPolicy(max_retries=times)])


def _served(session: Any) -> bool:
    """Return whether the Spark Connect server of a session answers."""
    try:
        with _quietly():
            session.conf.get("spark.sql.session.timeZone")  # what needs a request; a version is remembered
    except (PySparkException, OSError):
        return False
    return not session.is_stopped


def _classic(options: Options) -> Driver:
    if (before := _STARTED.get("here")) is not None and not before.alive:
        before.end()  # it died: its files go before another one is started
    context = SparkContext._active_spark_context
    if context is not None and not _answers(context):
        _forget()
        context = None
    if context is None:
        _STARTED["here"] = _started(options)
        return _STARTED["here"]
    if "here" in _STARTED and _STARTED["here"].root.sparkContext is context:
        driver = _STARTED["here"]
    else:
        root = SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
        driver = Driver(root, remote=False, local=(context.master or "").startswith("local"))
    _check_running(context, options)
    return driver


def _check_running(context: SparkContext, options: Options) -> None:
    """Raise if an option asks for another Spark than the one that is running."""
    advice = "There is one classic Spark in a process: close it first, leave the option out, or use remote."
    if options.master is not None and options.master != context.master:
        raise ConfigurationError(
            f"The option master is {options.master!r}, but Spark is running on {context.master!r} already. {advice}"
        )
    settings = context.getConf()
    wanted = {**options.conf, **_memory(options)}
    if options.app_name is not None and options.app_name != context.appName:
        raise ConfigurationError(
            f"The option app_name is {options.app_name!r}, but Spark is running as {context.appName!r} already. {advice}"
        )
    for name, value in wanted.items():
        if not name.startswith("spark.sql.") and settings.get(name) != value:
            raise ConfigurationError(
                f"The setting {name!r} can not become {value!r} while Spark is running with {settings.get(name)!r}. {advice}"
            )


def _memory(options: Options) -> dict[str, str]:
    return {} if options.memory is None else {"spark.driver.memory": f"{options.memory // 2**20}m"}


def _started(options: Options) -> Driver:
    """Start Spark in a JVM of its own, whose output goes to a file and not to the user's terminal."""
    _check_java()
    master = options.master or "local[*]"
    local = master.startswith("local")
    scratch = Path(tempfile.mkdtemp(prefix="onefold-spark-jvm-"))

    def clean() -> None:
        shutil.rmtree(scratch, ignore_errors=True)

    settings = {
        "spark.master": master,
        "spark.app.name": options.app_name or "onefold",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **({"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if local else {}),
        **({"spark.local.dir": str(scratch)} if local else {}),
        **_memory(options),
        **options.conf,
    }
    # What the JVM leaves among the temporary files when it is killed, goes with the rest.
    java = [f"-Djava.io.tmpdir={scratch}", "-XX:-UsePerfData", settings.get(_JAVA_OPTIONS, "")]
    settings[_JAVA_OPTIONS] = " ".join(java).strip()
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    log = scratch / "spark.log"
    launched = SparkContext._gateway is None
    gateway: Any = None
    try:
        with _own_python(local), _own_interrupts(), _quietly():
            if launched:
                gateway = _launched(conf, log)
            elif options.memory is not None:
                raise ConfigurationError(
                    "The option memory can not be used: this process has a Java process already. Leave it out."
                )
            context = SparkContext(conf=conf, gateway=gateway)
            root = SparkSession(context)
    except (PySparkException, *_JVM_GONE) as error:
        told = log.read_text(errors="replace")[-2000:].strip() if log.exists() else ""
        if launched and gateway is not None:
            _end(gateway)
        _forget()
        clean()
        raise EngineError(
            f"Spark did not start: {redacted(str(error))}" + (f"\n{redacted(told)}" if told else ""), engine=ENGINE
        ) from error
    except BaseException:  # Ctrl-C, mostly
        if launched and gateway is not None:
            _kill(gateway)
            _forget()
        clean()
        raise

    def stop() -> None:
        with _quietly(), contextlib.suppress(*_JVM_GONE):
            root.stop()
        if launched:
            _end(gateway)
        if launched or not _answers(context):
            _forget()
        clean()

    return Driver(root, remote=False, local=local, stop=stop, given=options.conf)


def _launched(conf: SparkConf, log: Path) -> Any:
    """Return the gateway to a new JVM; Ctrl-C ends the JVM that is being started.

    PySpark forgets a process that it starts when it is interrupted: it is not called in the thread that Ctrl-C reaches.
    """
    with log.open("wb") as output, ThreadPoolExecutor(1, thread_name_prefix="onefold-spark-start") as pool:
        future = pool.submit(launch_gateway, conf, {"stdout": output, "stderr": output})
        try:
            return future.result()
        except KeyboardInterrupt:
            with contextlib.suppress(PySparkException, *_JVM_GONE):
                _kill(future.result())
            raise


def _check_java() -> None:
    """Raise unless there is a Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    advice = (
        f"Spark needs Java {LEAST_JAVA} or newer: install it (such as the package openjdk-{LEAST_JAVA}-jre-headless of "
        "Debian and Ubuntu, or temurin of Homebrew), and let JAVA_HOME name its directory."
    )
    if java is None:
        raise ConfigurationError(f"There is no Java on this machine. {advice}")
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        where = " (JAVA_HOME)" if home else ""
        raise ConfigurationError(f"Java can not be run: {java!r}{where}: {error}. {advice}") from error
    found = re.search(r'version "(\d+)(?:\.(\d+))?', done.stderr + done.stdout)
    if found is None:
        raise ConfigurationError(f"{java!r} does not say which Java it is: {done.stderr.strip()[:200]!r}. {advice}")
    version = int(found[2] or 0) if found[1] == "1" else int(found[1])
    if version < LEAST_JAVA:
        raise ConfigurationError(f"{java!r} is Java {version}. {advice}")


def _answers(context: SparkContext) -> bool:
    """Return whether the JVM of a context lives, and the context in it."""
    try:
        return not context._jsc.sc().isStopped()
    except (AttributeError, *_JVM_GONE):
        return False


def _forget() -> None:
    """Let PySpark start a new JVM: it keeps on talking to one that died."""
    with contextlib.suppress(*_JVM_GONE):
        if (context := SparkContext._active_spark_context) is not None:
            with _quietly():
                context.stop()
    SparkContext._active_spark_context = None
    SparkContext._gateway = None
    SparkContext._jvm = None
    SparkSession._instantiatedSession = None
    SparkSession._activeSession = None


def _end(gateway: Any) -> None:
    """End the JVM behind a gateway."""
    with contextlib.suppress(*_JVM_GONE):
        gateway.shutdown()
    process: subprocess.Popen[bytes] | None = getattr(gateway, "proc", None)
    if process is None:
        return
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()  # it ends when this pipe does
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _kill(gateway: Any) -> None:
    """End the JVM behind a gateway at once: a call to it may have been broken off, so it can not be asked to."""
    process: subprocess.Popen[bytes] | None = getattr(gateway, "proc", None)
    if process is not None:
        process.kill()
    _end(gateway)


@contextlib.contextmanager
def _own_python(local: bool) -> Iterator[None]:
    """Let local executors run this very interpreter, in which the packages of the driver are installed."""
    if not local or "PYSPARK_PYTHON" in os.environ:
        yield
        return
    os.environ["PYSPARK_PYTHON"] = sys.executable
    try:
        yield
    finally:
        del os.environ["PYSPARK_PYTHON"]


@contextlib.contextmanager
def _own_interrupts() -> Iterator[None]:
    """Keep what Ctrl-C does: PySpark would let it stop every job of every session."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Hide the warnings of PySpark about processes that are gone, which are what is being cleared away."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _main_has_a_file() -> Iterator[None]:
    """Keep PySpark from ending this process.

    It takes a program without a file (embedded, or started by execnet) for a run of its own doctests, and calls
    `sys.exit(0)` instead of raising the error that says which package Connect lacks.
    """
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        yield
        return
    main.__file__ = "<embedded>"
    try:
        yield
    finally:
        del main.__file__
