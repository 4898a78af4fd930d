"""Takes broadcasts in and puts them out: RTMP, ffmpeg, Shaka Packager, the folder that the edge serves.

Asks the service who may send, and tells it how it goes (hook.py). Knows no database, no person and no page, and never
imports Django: at rest the process is Python and a socket.
"""
