"""The engines that are compared, our tool first."""
from engines.congress import Congress
from engines.duckdb import DuckDb
from engines.gringo import Gringo
from engines.souffle import Souffle, SouffleInterpreted
from engines.sqlite import Sqlite
from engines.swipl import SwiProlog


def every(congress, cache):
    """All engines by name; `congress` is the path of our tool, `cache` the folder of what --install gets."""
    engines = [Congress(congress), Souffle(), SouffleInterpreted(), DuckDb(cache), Sqlite(), SwiProlog(), Gringo()]
    return {engine.name: engine for engine in engines}
