"""A small comments API: who said what about which content. Comments live in memory."""

import pathlib
import threading

from flask import Flask, jsonify, request

app = Flask(__name__)
comments = {}
lock = threading.Lock()
version = pathlib.Path(__file__).with_name("VERSION").read_text().strip()


@app.get("/health-check")
def health_check():
    return jsonify(status="ok", version=version)


@app.post("/api/comment/new")
def new_comment():
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return jsonify(status="ERROR", message="the body must be a JSON object"), 400
    missing = [name for name in ("email", "comment", "content_id") if not body.get(name)]
    if missing:
        return jsonify(status="ERROR", message="missing: " + ", ".join(missing)), 400
    comment = {"email": str(body["email"]), "comment": str(body["comment"])}
    with lock:
        comments.setdefault(str(body["content_id"]), []).append(comment)
    return jsonify(status="SUCCESS", message="comment created"), 201


@app.get("/api/comment/list/<content_id>")
def list_comments(content_id):
    with lock:
        found = list(comments.get(content_id, []))
    if not found:
        return jsonify(status="NOT-FOUND", message=f"no comments on {content_id}"), 404
    return jsonify(found)
