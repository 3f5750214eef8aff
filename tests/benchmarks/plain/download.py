"""Downloads pictures as a plain script would, and prints how fast: what the window's downloads are compared with.

A ThreadPoolExecutor; in each of its threads a Session, and for each picture a file and, unless it is only to be saved,
a thumbnail.

    python plain/download.py --urls FILE --folder FOLDER --workers 16
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from PIL import Image

BOX = (160, 120)
"""The thumbnails' size at most, in pixels, as in Thaw's gallery."""

kept = threading.local()


def save(url: str, path: Path) -> bytes:
    """Fetch a picture and write it to a file."""
    if not hasattr(kept, "session"):
        kept.session = requests.Session()
    answer = kept.session.get(url, timeout=(5, 15))
    answer.raise_for_status()
    content: bytes = answer.content
    path.write_bytes(content)
    return content


def download(url: str, path: Path) -> Image.Image:
    """Fetch a picture, write it to a file and make its thumbnail."""
    with Image.open(io.BytesIO(save(url, path))) as picture:
        picture.draft("RGB", BOX)
        picture.thumbnail(BOX)
        return picture.convert("RGB")


def main() -> int:
    """Download everything; prints {"images": ..., "seconds": ..., "cpu_s": ...}."""
    parser = argparse.ArgumentParser(description="Download pictures as a plain script would.")
    parser.add_argument("--urls", type=Path, required=True, help="a file with an address in each line")
    parser.add_argument("--folder", type=Path, required=True, help="where the pictures go")
    parser.add_argument("--workers", type=int, default=16, help="how many at once")
    parser.add_argument("--only-save", action="store_true", help="make no thumbnails")
    options = parser.parse_args()
    urls = options.urls.read_text().split()
    paths = [options.folder / f"{number:06}.jpg" for number in range(len(urls))]
    began, spent = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(options.workers) as pool:
        done = sum(1 for _ in pool.map(save if options.only_save else download, urls, paths))
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - spent
    print(json.dumps({"images": done, "seconds": seconds, "cpu_s": cpu_s}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
