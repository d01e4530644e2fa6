"""A small trading bot on a made-up price feed.

It buys when the short moving average of the price rises above the long one, sells when it falls
below, and tells over HTTP what it did, which version it is and on which machine it runs.
"""

import json
import math
import os
import random
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8000
TICK_SECONDS = 0.2
SHORT, LONG = 5, 20
TRADES_KEPT = 20

VERSION = open("VERSION").read().strip()
MACHINE = os.environ.get("MACHINE", "unknown")


class Feed:
    """Prices that wander around a slow wave; the same seed gives the same prices."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.ticks = 0
        self.noise = 0.0

    def next(self):
        self.ticks += 1
        self.noise = 0.9 * self.noise + self.random.gauss(0, 0.5)
        return round(100 + 10 * math.sin(self.ticks / 25) + self.noise, 2)


class Bot:
    """Holds either money or coins, and changes sides when the averages cross."""

    def __init__(self, feed):
        self.feed = feed
        self.prices = deque(maxlen=LONG)
        self.money, self.coins = 1000.0, 0.0
        self.trades = deque(maxlen=TRADES_KEPT)
        self.lock = threading.Lock()

    def tick(self):
        price = self.feed.next()
        with self.lock:
            self.prices.append(price)
            if len(self.prices) < LONG:
                return
            short = sum(list(self.prices)[-SHORT:]) / SHORT
            long = sum(self.prices) / LONG
            if short > long and self.money > 0:
                self.coins, self.money = self.money / price, 0.0
                self.trades.append({"side": "buy", "price": price})
            elif short < long and self.coins > 0:
                self.money, self.coins = self.coins * price, 0.0
                self.trades.append({"side": "sell", "price": price})

    def report(self):
        with self.lock:
            price = self.prices[-1] if self.prices else None
            worth = self.money + self.coins * (price or 0)
            return {
                "version": VERSION,
                "machine": MACHINE,
                "price": price,
                "worth": round(worth, 2),
                "trades": list(self.trades),
            }


def main():
    bot = Bot(Feed(seed=7))

    def trade():
        while True:
            bot.tick()
            time.sleep(TICK_SECONDS)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path not in ("/", "/health-check"):
                self.send_error(404)
                return
            body = json.dumps(bot.report()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    threading.Thread(target=trade, daemon=True).start()
    print(f"charlie {VERSION} trades on {MACHINE}")
    ThreadingHTTPServer(("", PORT), Page).serve_forever()


if __name__ == "__main__":
    main()
