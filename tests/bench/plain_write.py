"""The least that a file of that size costs: `python plain_write.py MODEL TARGET` writes as many bytes as MODEL has."""

import os
import sys

BLOCK = 1 << 20

if __name__ == "__main__":
    model, target = sys.argv[1:]
    size = os.path.getsize(model)
    with open(model, "rb") as file:
        file.seek(size // 2)
        block = file.read(BLOCK)
    with open(target, "wb") as file:
        for _ in range(size // BLOCK):
            file.write(block)
        file.write(block[: size % BLOCK])
