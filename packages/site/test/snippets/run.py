import base64
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../snippets"))
from verify import verify  # noqa: E402

for line in sys.stdin:
    row = json.loads(line)
    accepted = verify(row["secrets"], row["header"], base64.b64decode(row["body"]), row["now"])
    print("ok" if accepted else "refused")
