"""moto's server, until it is terminated; run in `.venv/peers`."""

import sys
from threading import Event

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address=sys.argv[1], port=int(sys.argv[2]), verbose=False)
server.start()
print("listening", flush=True)
Event().wait()
