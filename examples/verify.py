#!/usr/bin/env python3
"""Recomputes every draw of Funfair receipts with nothing but the standard library.

    python3 verify.py receipts.json      one receipt, a list of receipts, or a play's whole answer

It shares no code with Funfair. It leaves with 0 when everything agrees, else with 1 after naming
each receipt and what differs in it, and with 2 when the file holds no receipts.
"""

import hashlib
import hmac
import json
import sys


def differences(receipt):
    """What does not agree in one receipt: the arithmetic that a shopper has to trust, entire."""
    proof = receipt["proof"]
    seed = bytes.fromhex(proof["server_seed"])
    if proof["version"] != "funfair/1" or proof["activity"] != receipt["activity"]:
        yield f"the proof is {proof['version']} of {proof['activity']}"
    if proof["draws"] and hashlib.sha256(seed).hexdigest() != proof["commitment"]:
        yield "the server seed is not the one that was committed to"
    counter = 0
    for number, draw in enumerate(proof["draws"], 1):
        if draw["counter"] != counter:
            yield f"draw {number} begins at counter {draw['counter']}, not {counter}"
        total = sum(line["weight"] for line in draw["table"])
        value = limit = 2**64 // total * total
        while value >= limit:
            lines = ["funfair/1", proof["activity"], proof["revision"], str(proof["n"]),
                     proof["client_seed"], str(counter)]
            mac = hmac.new(seed, "\n".join(lines).encode(), hashlib.sha256).digest()
            value, counter = int.from_bytes(mac[:8], "big"), counter + 1
        rest = value % total
        for line in draw["table"]:
            if rest < line["weight"]:
                break
            rest -= line["weight"]
        if line["prize"] != draw["picked"]:
            yield f"draw {number} comes to {line['prize']}, the receipt says {draw['picked']}"
    shown = receipt["outcome"].get("prize")
    if shown and proof["draws"] and shown != proof["draws"][-1]["picked"]:
        yield f"the outcome shows {shown}, the last draw picked {proof['draws'][-1]['picked']}"


def read(path):
    """The receipts of a file, and where there are none the reason."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except OSError as broken:
        return [], broken.strerror
    except ValueError as broken:
        return [], f"it is not JSON: {broken}"
    if isinstance(found, dict):
        return [found.get("receipt", found)], ""
    return (found, "the list is empty") if isinstance(found, list) else ([], "it is no object")


def main(path):
    receipts, reason = read(path)
    if not receipts:
        print(f"{path} holds no receipts: {reason}; give it a receipt, a list of receipts, "
              "or a play's whole answer as JSON", file=sys.stderr)
        return 2
    wrong = draws = 0
    for receipt in receipts:
        try:
            differs = list(differences(receipt))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as broken:
            differs = [f"it is not a receipt: {broken!r}"]
        for what in differs:
            name = receipt.get("id", "no id") if isinstance(receipt, dict) else "no id"
            print(f"{name}: {what}", file=sys.stderr)
        wrong += bool(differs)
        draws += 0 if differs else len(receipt["proof"]["draws"])
    print(json.dumps({"receipts": len(receipts), "draws_verified": draws, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
