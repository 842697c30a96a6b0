"""The one part of the build that metadata cannot say: the compiled scorer, where it compiles."""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

KERNEL = Path("framing/scoring/kernel")


class BuildKernel(build_ext):
    """Compiles for speed, unless CFLAGS says how; needs nothing of the machine it runs on."""

    def build_extensions(self) -> None:
        """Compile them all."""
        if self.compiler.compiler_type == "msvc":
            flags = ["/std:c11", "/O2"]
        else:
            flags = ["-std=c11", "-fvisibility=hidden"]
            flags += [] if "-O" in os.environ.get("CFLAGS", "") else ["-O3"]
        for extension in self.extensions:
            extension.extra_compile_args = flags
        super().build_extensions()


setup(
    cmdclass={"build_ext": BuildKernel},
    ext_modules=[
        Extension(
            "framing.scoring._kernel",
            sources=sorted(path.as_posix() for path in KERNEL.glob("*.c")),
            depends=sorted(path.as_posix() for path in KERNEL.glob("*.h")),
            optional=True,  # without a compiler, framing.scoring.scorers counts in Python
        )
    ],
)
