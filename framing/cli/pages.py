"""Typer's pages of help, without what ours never show: Markdown and tracebacks in colour.

Both bring libraries along that take longer to load than all the rest of a page of help.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType

_PAGES = "typer.rich_utils"
_UNSHOWN = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""Modules that the pages import, and the class of each that they name."""


def load_pages() -> None:
    """Import the pages, with stand-ins for what is never shown while that lasts.

    Where they want more than the stand-ins have, they are left to be imported as they are.
    """
    if _PAGES in sys.modules:
        return
    lacking = {name: kind for name, kind in _UNSHOWN.items() if name not in sys.modules}
    sys.modules.update({name: _stand_in(name, kind) for name, kind in lacking.items()})
    try:
        with suppress(ImportError, AttributeError, TypeError):
            import_module(_PAGES)
    finally:
        for name in lacking:
            del sys.modules[name]


def _stand_in(name: str, kind: str) -> ModuleType:
    module = ModuleType(name)
    setattr(module, kind, type(kind, (), {}))
    return module
