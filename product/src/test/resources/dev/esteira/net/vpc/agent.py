"""A machine of tests: does with sockets what its standard input says, a line of JSON each."""

import itertools
import json
import os
import select
import socket
import struct
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

OPEN = {}
NUMBERS = itertools.count(os.getpid())


def answer(connection, peer):
    with connection:
        connection.sendall(("from " + peer[0] + "\n").encode())
        while connection.recv(4096):
            connection.sendall(b"more\n")


def listen(port, proto, host="0.0.0.0"):
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    server = socket.socket(socket.AF_INET, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    if proto == "tcp":
        server.listen(64)

    def serve():
        while True:
            if proto == "tcp":
                threading.Thread(target=answer, args=server.accept(), daemon=True).start()
            else:
                _, peer = server.recvfrom(4096)
                server.sendto(("from " + peer[0] + "\n").encode(), peer)

    threading.Thread(target=serve, daemon=True).start()
    return "listening"


def connect(host, port, proto="tcp", source=0, keep="", seconds=0.7):
    if proto == "icmp":
        return ping(host, seconds)
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    client = socket.socket(socket.AF_INET, kind)
    client.settimeout(seconds)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if source:
            client.bind(("0.0.0.0", source))
        client.connect((host, port))
        if proto == "udp":
            client.send(b"?")
        said = client.recv(4096).decode().strip()
        if keep:
            OPEN[keep] = client
        return said
    except (TimeoutError, socket.timeout):
        return "timeout"
    except ConnectionRefusedError:
        return "refused"
    except OSError as error:
        return os.strerror(error.errno or 0)
    finally:
        if keep not in OPEN:
            client.close()


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ping(host, seconds):
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    number = next(NUMBERS) & 0xFFFF
    head = struct.pack("!BBHHH", 8, 0, 0, number, 1)
    head = struct.pack("!BBHHH", 8, 0, checksum(head), number, 1)
    try:
        raw.sendto(head, (host, 0))
    except OSError as error:
        return os.strerror(error.errno or 0)
    until = time.monotonic() + seconds
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([raw], [], [], left)[0]:
            return "timeout"
        packet = raw.recv(4096)[20:]
        if packet[0] == 0 and struct.unpack("!H", packet[4:6])[0] == number:
            return "pong"


def say_on(keep, seconds=0.7):
    """Whether a connection that was kept still carries something."""
    try:
        OPEN[keep].settimeout(seconds)
        OPEN[keep].sendall(b"!\n")
        return OPEN[keep].recv(4096).decode().strip() or "closed"
    except OSError:
        return "timeout"


def get(host, port, path="/", seconds=1.0):
    try:
        with socket.create_connection((host, port), seconds) as client:
            client.sendall(("GET %s HTTP/1.0\r\n\r\n" % path).encode())
            return client.recv(4096).decode()
    except (TimeoutError, socket.timeout):
        return "timeout"
    except OSError as error:
        return os.strerror(error.errno or 0)


def send_as(source, host, port):
    """One UDP packet with a false source address."""
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    udp = struct.pack("!HHHH", 9999, port, 9, 0) + b"!"
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
        socket.inet_aton(source), socket.inet_aton(host))
    raw.sendto(head + udp, (host, 0))
    return "sent"


DO = {"listen": listen, "connect": connect, "on": say_on, "get": get, "as": send_as}
POOL = ThreadPoolExecutor(64)
for line in sys.stdin:
    asked = [POOL.submit(DO[one.pop("do")], **one) for one in json.loads(line)]
    print(json.dumps([each.result() for each in asked]), flush=True)
