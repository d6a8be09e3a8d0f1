"""Checks the ONNX files of a folder with the onnx package: structure, types and inferred shapes."""
import sys
from pathlib import Path

import onnx

failed = 0
paths = sorted(Path(sys.argv[1]).glob("*.onnx"))
for path in paths:
    try:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    except Exception as error:
        failed += 1
        print(f"{path.name}: {error}")
print(f"onnx {onnx.__version__}: {len(paths) - failed} of {len(paths)} files pass the checker")
sys.exit(1 if failed or not paths else 0)
