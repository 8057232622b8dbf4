"""Error: not supported.
What cannot be compiled is refused before it runs, with what to write instead."""

import json

settings = json.loads('{"size": 3}')
print(settings)
