"""Makes the 48 sample pictures in resources/pictures: thirteen kinds of generated art, seeded.

Needs numpy and Pillow, which the pictures' readers do not.

One file on purpose, though long: it is run by hand once, and each kind is one function that stands alone.
Picture n is the kind n % 13 in its variant n // 13, so that neighbours in a gallery never look alike.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[Any]
    Family = Callable[[np.random.Generator, int], Floats]

WIDTH, HEIGHT, COUNT = 960, 640, 48
SMALLEST, WANTED = 155 * 1024, 205 * 1024  # bytes: inside the 150 to 220 KiB that a download should take


# ---------------------------------------------------------------- helpers: palettes, noise, light


def ramp(t: Floats, stops: str) -> Floats:
    """Colours (..., 3) for t in 0..1 from a palette of evenly spaced hex colours, 'aabbcc ddeeff ...'."""
    table = np.array([[int(stop[k : k + 2], 16) / 255 for k in (0, 2, 4)] for stop in stops.split()])
    at = np.linspace(0, 1, len(table))
    return np.stack([np.interp(t, at, table[:, k]) for k in range(3)], -1)


def smoothstep(low: float, high: float, t: Floats) -> Floats:
    """0 below low, 1 above high, an S-curve between; low may be the greater of the two."""
    u = np.clip((t - low) / (high - low), 0, 1)
    return u * u * (3 - 2 * u)


def mix(a: Floats, b: Floats, t: Floats) -> Floats:
    """From colours a to colours b by the weights t, which have no colour axis."""
    mixed: Floats = a + (b - a) * t[..., None]
    return mixed


def pixels(scale: float = 1.0) -> tuple[Floats, Floats]:
    """Return x and y of every pixel, in units of the final picture's pixels."""
    y, x = np.mgrid[0 : round(HEIGHT * scale), 0 : round(WIDTH * scale)]
    return x / scale, y / scale


def cloud(
    rng: np.random.Generator,
    shape: tuple[int, int],
    slope: float = 1.9,
    low: float = 1.5,
    stretch: float = 1.0,
) -> Floats:
    """Fractal noise in 0..1 around 0.5 that tiles; `low` is its coarsest detail in cycles a height."""
    fy = np.fft.fftfreq(shape[0])[:, None] * shape[0] * stretch
    fx = np.fft.rfftfreq(shape[1])[None, :] * shape[0]
    f = np.hypot(fy, fx)
    size = np.where(f < low * 0.5, 0, 1 / np.maximum(f, low) ** slope)
    phase = np.exp(2j * np.pi * rng.random(f.shape)) * rng.rayleigh(size=f.shape)
    noise = np.fft.irfft2(size * phase, s=shape)
    fluffy: Floats = np.clip(0.5 + 0.2 * noise / noise.std(), 0, 1)
    return fluffy


def line(rng: np.random.Generator, count: int, slope: float, low: float = 1.0) -> Floats:
    """Fractal noise along a line, mean 0, deviation 1."""
    f = np.fft.rfftfreq(2 * count) * 2 * count
    size = np.where(f < low, 0, 1 / np.maximum(f, 1) ** slope)
    noise = np.fft.irfft(size * np.exp(2j * np.pi * rng.random(f.shape)))[:count]
    even: Floats = (noise - noise.mean()) / noise.std()
    return even


def sample(texture: Floats, x: Floats, y: Floats) -> Floats:
    """The texture at fractional pixel positions, repeated without end, read bilinearly."""
    h, w = texture.shape
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = x - x0, y - y0
    x0, y0, x1, y1 = x0 % w, y0 % h, (x0 + 1) % w, (y0 + 1) % h
    top = texture[y0, x0] * (1 - u) + texture[y0, x1] * u
    value: Floats = top * (1 - v) + (texture[y1, x0] * (1 - u) + texture[y1, x1] * u) * v
    return value


def blur(image: Floats, radius: float) -> Floats:
    """A Gaussian blur of a plane, wrapping round the edges."""
    fy, fx = np.fft.fftfreq(image.shape[0])[:, None], np.fft.rfftfreq(image.shape[1])[None, :]
    gauss = np.exp(-2 * (np.pi * radius) ** 2 * (fy**2 + fx**2))
    return np.fft.irfft2(np.fft.rfft2(image) * gauss, s=image.shape)


def splat(x: Floats, y: Floats, weight: Floats, shape: tuple[int, int]) -> Floats:
    """Adds up points into a plane; points outside are dropped."""
    xi, yi = np.floor(x).astype(int), np.floor(y).astype(int)
    inside = (xi >= 0) & (xi < shape[1]) & (yi >= 0) & (yi < shape[0])
    total = np.bincount(yi[inside] * shape[1] + xi[inside], weight[inside], shape[0] * shape[1])
    return total.reshape(shape)


def stars(rng: np.random.Generator, count: int, glow: float = 1.0) -> Floats:
    """A night sky's stars on black, few bright and many faint, with a halo about the bright ones."""
    light = rng.pareto(1.6, count).clip(0, 30) * 0.35
    x, y = rng.random(count) * WIDTH, rng.random(count) * HEIGHT
    tint = ramp(rng.random(count), "9fc0ff e8f0ff ffffff fff1d8 ffcf9a")
    planes = []
    for k in range(3):
        plane = splat(x, y, light * tint[:, k], (HEIGHT, WIDTH))
        planes.append(2.6 * blur(plane, 0.7) + glow * (7 * blur(plane, 2.2) + 30 * blur(plane, 9)) * 0.16)
    return np.stack(planes, -1)


# ---------------------------------------------------------------- the kinds of pictures


def fractal(
    z: Floats, constant: Floats | complex, julia: bool, palette: str, rounds: int, cycles: float
) -> Floats:
    """Escape time with smooth colours, lit from the side by the slope of the potential."""
    shape = z.shape
    z, at = z.ravel().astype(complex), np.arange(z.size)
    c: Floats = np.broadcast_to(constant, shape).ravel()
    slope = np.full(z.shape, 1 + 0j if julia else 0j)
    smooth, lit = np.full(z.size, -1.0), np.zeros(z.size)
    for n in range(rounds):
        slope = 2 * z * slope + (0 if julia else 1)
        z = z * z + c
        size = z.real**2 + z.imag**2
        out = size > 1e4
        if out.any():
            gone = at[out]
            smooth[gone] = n + 1 - np.log2(np.log(size[out]) / np.log(1e4))
            normal = z[out] * slope[out].conj()  # its direction is that of z / slope, and nothing divides by 0
            lit[gone] = (normal * np.exp(-0.8j)).real / np.maximum(np.abs(normal), 1e-300)
            keep = ~out
            z, slope, c, at = z[keep], slope[keep], c[keep], at[keep]
            if not z.size:
                break
    t = np.log1p(np.maximum(smooth, 0)) * cycles
    colour = ramp(1 - np.abs(2 * (t % 1) - 1), palette) * (0.74 + 0.36 * lit)[:, None]
    colour[smooth < 0] = ramp(np.zeros(1), palette) * 0.35
    return colour.reshape(*shape, 3)


def julia(rng: np.random.Generator, variant: int) -> Floats:
    """Julia sets."""
    c, span, palette, cycles = [
        (-0.7269 + 0.1889j, 2.3, "06122e 0b3c6f 1f8fb4 b8ecd9 fff6d6 f7a944 9c2f21", 0.55),
        (0.285 + 0.0105j, 1.9, "16041f 4a0f54 b3285f f8744c fed27c fffbe8", 0.42),
        (-0.8 + 0.156j, 2.2, "04161a 0c4a4e 2fa38a d6f2a8 fffbe6 f2a35e", 0.5),
        (-0.4 + 0.6j, 2.1, "0b0b2b 33308f 7f6ff0 f0c6ff fff5e6 ffb25e", 0.5),
    ][variant]
    x, y = pixels(1.5)
    z = ((x - WIDTH / 2) + 1j * (y - HEIGHT / 2)) / HEIGHT * span * np.exp(0.45j)
    return fractal(z, c, True, palette, 420, cycles)


def mandelbrot(rng: np.random.Generator, variant: int) -> Floats:
    """Places of the Mandelbrot set."""
    centre, span, palette, cycles = [
        (-0.7436439 + 0.1318259j, 0.0032, "020b2b 103a8c 3c8bd9 eaf6ff ffe9a8 f09a1a 5a1a06", 0.9),
        (-0.74877 + 0.065053j, 0.0011, "120a22 4b1d63 c23b73 ff9068 ffe8b8", 0.85),
        (-0.16070135 + 1.0375665j, 0.0012, "03201c 0b5b4a 45b07a e9f5b5 fff7e0 e58a4f 6b1f2e", 0.7),
    ][variant]
    x, y = pixels(1.4)
    c = centre + ((x - WIDTH / 2) + 1j * (y - HEIGHT / 2)) / HEIGHT * span
    return fractal(c, c, False, palette, 460, cycles)


def mountains(rng: np.random.Generator, variant: int) -> Floats:
    """Misty ranges at dawn and dusk, pines in front."""
    sky, haze, dark, sun, sun_colour = [
        ("27366b 6a5c94 d98a8c fbc48a ffe9bf", "f3b48c", "1b1a33", (650, 300), "fff3cf"),
        ("0c2340 1f5478 5fa3b5 b9dcd3 f4f3df", "b9d6d2", "08222b", (300, 230), "ffffff"),
        ("2a1038 7a1f4f d1473f f68b3c ffd27a", "e8734a", "1d0a1c", (500, 330), "fff0b0"),
        ("1a2238 3b4a74 8b85ad d8b6c0 f6dfcf", "c9b2c2", "141a2a", (720, 210), "fff8ee"),
    ][variant]
    x, y = pixels()
    image = ramp(y / 430, sky)
    far = np.hypot(x - sun[0], y - sun[1])
    light = ramp(np.zeros(1), sun_colour)[0]
    image += light * (0.55 * np.exp(-far / 110) + 0.25 * np.exp(-far / 330))[..., None]
    image = mix(image, np.broadcast_to(light, image.shape), smoothstep(35, 32.5, far))
    veil = cloud(rng, (HEIGHT, WIDTH), 1.8, 1.5, 0.28)
    image = mix(image, image * 0.75 + light * 0.3, smoothstep(0.5, 0.85, veil) * smoothstep(420, 60, y) * 0.8)
    count = 7
    for k in range(count):
        near = (k + 1) / count
        ridge = 265 + 285 * near**1.3 - (46 + 14 * near) * line(rng, WIDTH, 1.62 - 0.12 * near, 2)
        if k >= count - 2:  # a saw of pines on the two nearest ridges
            ridge = pines(rng, ridge, 10 + 38 * (k == count - 1))
        colour = mix(ramp(np.zeros(1), haze), ramp(np.zeros(1), dark), np.array([near**1.15]))
        depth = np.clip((y - ridge) / (120 + 110 * near), 0, 1)
        body = mix(
            np.broadcast_to(colour, image.shape),
            ramp(np.zeros(1), haze) * np.ones_like(image),
            depth * (1 - near) ** 0.5 * 0.85,
        )
        body = body * (1 + 0.10 * (sample(veil, x * 3 + 200 * k, y * 5) - 0.5))[..., None]
        body += light * (0.22 * np.exp(-far / 190) * (1 - near))[..., None]
        image = mix(image, body, np.clip(y - ridge + 0.5, 0, 1))
    return image


def pines(rng: np.random.Generator, ridge: Floats, tall: float) -> Floats:
    """The ridge line with pine trees standing on it."""
    x = np.arange(WIDTH)
    top = ridge.copy()
    at = 0.0
    while at < WIDTH:
        size = tall * rng.uniform(0.5, 1.6)
        root = ridge[int(at)] + 4
        across = np.abs(x - at) / (0.2 * size)
        jag = across + 0.10 * np.abs(((across * 5) % 1) - 0.5)
        top = np.minimum(top, np.where(across < 1, root - size * (1 - np.clip(jag, 0, 1)), np.inf))
        at += size * rng.uniform(0.1, 0.55) * (1 if rng.random() < 0.85 else 5)
    return top


def strands(rng: np.random.Generator, variant: int) -> Floats:
    """Light that follows a flow field."""
    palette, ground, turns, low = [
        ("ff5e8a ffb35c fff2b0 5ce0d8 3a7bff", "070a1c", 1.6, 1.0),
        ("0affc6 32a0ff 7a3cff ff3cac ffd23c", "08060f", 2.6, 1.6),
        ("ffd9a0 ff9a4d e0453a 8f1d5a 3d1a78", "0d0508", 1.2, 1.2),
        ("d9fff0 7de8c0 2aa58f 2f6fae c9b6ff", "041016", 3.2, 1.0),
    ][variant]
    scale, number, steps = 2, 8000, 300
    shape = (HEIGHT * scale, WIDTH * scale)
    small = cloud(rng, (HEIGHT, WIDTH), 3.2, low)
    hue = cloud(rng, (HEIGHT, WIDTH), 2.6, 1.0)
    x, y = rng.uniform(-60, WIDTH + 60, number), rng.uniform(-60, HEIGHT + 60, number)
    tint = ramp(np.clip((sample(hue, x, y) - 0.5) * 1.9 + 0.5 + rng.normal(0, 0.06, number), 0, 1), palette)
    bright = rng.pareto(2.2, number).clip(0, 5) + 0.25
    total = np.zeros((*shape, 3))
    xs, ys = np.empty((steps, number)), np.empty((steps, number))
    for step in range(steps):
        angle = sample(small, x, y) * 2 * np.pi * turns
        x, y = x + 0.62 * np.cos(angle), y + 0.62 * np.sin(angle)
        xs[step], ys[step] = x, y
    fade = np.sin(np.linspace(0, np.pi, steps))[:, None] ** 0.8
    for k in range(3):
        total[..., k] = splat(xs * scale, ys * scale, fade * bright * tint[:, k], shape)
    base = ramp(np.zeros(1), ground)[0]
    glow = np.stack([blur(total[..., k], 9) for k in range(3)], -1)
    image: Floats = base + (1 - base) * (1 - np.exp(-0.34 * total - 0.2 * glow))
    return image


def glass(rng: np.random.Generator, variant: int) -> Floats:
    """Leaded windows: Voronoi cells about spirals, rings and chance."""
    palette = [
        "14315e 1f6fb2 46b3c9 f5e6a8 f2a03d c8403a 5d1a4a",
        "0d3b3e 178f7a 8fd08a fbf3c0 f7b267 e4572e 7a1f2b",
        "2b1055 6a2fb0 c95fd0 ffc2d9 fff0c9 ff9a5a b52a4a",
        "08204a 1d4fa0 3aa0e0 b6ecf0 fff6c4 ffc44a e06a1f",
    ][variant]
    x, y = pixels()
    middle = [(480, 320), (480, 760), (480, 320), (250, 250)][variant]
    if variant in (0, 3):  # sunflower seeds
        n = np.arange(1, 1000)
        r, a = 27 * np.sqrt(n), n * np.pi * (3 - np.sqrt(5))
        px, py = middle[0] + r * np.cos(a), middle[1] + r * np.sin(a)
    elif variant == 2:  # a rose window
        ring = [(8 + 56 * k, 6 * max(k, 0.2), k) for k in range(12)]
        polar = [
            (r, 2 * np.pi * (i + 0.5 * (k % 2)) / round(m)) for r, m, k in ring for i in range(max(1, round(m)))
        ]
        px = np.array([480 + r * np.cos(a) for r, a in polar])
        py = np.array([320 + r * np.sin(a) for r, a in polar])
    else:
        px, py = rng.uniform(-40, 1000, 330), rng.uniform(-40, 680, 330)
    inside = (px > -80) & (px < 1040) & (py > -80) & (py < 720)
    px, py = px[inside], py[inside]
    first, second = np.full(x.shape, 1e9), np.full(x.shape, 1e9)
    cell = np.zeros(x.shape, int)
    for k in range(len(px)):
        d = np.hypot(x - px[k], y - py[k])
        second = np.minimum(second, np.maximum(first, d))
        cell[d < first] = k
        first = np.minimum(first, d)
    reach = np.hypot(px - middle[0], py - middle[1])
    t = reach / reach.max() if variant != 1 else np.clip((reach - 120) / 760, 0, 1)
    if variant == 2:
        t = (np.round(reach / 56) * 0.37) % 1
    t = np.clip(1 - t + rng.normal(0, 0.075, len(px)), 0, 1)
    shade = rng.uniform(0.78, 1.12, len(px))
    pane = ramp(t, palette)[cell] * shade[cell][..., None]
    ripple = cloud(rng, x.shape, 1.5, 9)
    bump = np.gradient(blur(ripple, 1.0), axis=1) * 7
    glow = np.exp(-np.hypot(x - middle[0], y - middle[1]) / 620) * 0.55 + 0.62
    pane = pane * (glow * (0.88 + 0.24 * ripple + bump))[..., None] + 0.10 * np.exp(-first / 16)[..., None]
    lead = smoothstep(6.5, 4.2, second - first)
    metal = 0.06 + 0.13 * np.exp(-(((second - first) - 1.0) ** 2) / 1.2)
    return mix(pane, np.stack([metal, metal, metal * 1.15], -1), lead)


def attractor(rng: np.random.Generator, variant: int) -> Floats:
    """Clifford and de Jong attractors, millions of points of light."""
    kind, (a, b, c, d), palette = [
        ("clifford", (1.5, -1.8, 1.6, 0.9), "3a86ff 8ac6ff ffffff ffd6a0 ff7b39"),
        ("jong", (1.4, -2.3, 2.4, -2.1), "ff3f81 ff9f6b fff3d0 8fe3ff 5a5cff"),
        ("clifford", (-1.7, 1.8, -1.9, -0.4), "2ee6a8 a8ffd8 fffbe0 ffd24a ff6a3d"),
        ("jong", (-2.0, -2.0, -1.2, 2.0), "7a5cff d98cff fff0fa ffb3c7 ff5c8a"),
    ][variant]
    scale = 2
    shape = (HEIGHT * scale, WIDTH * scale)
    x, y = rng.uniform(-1, 1, 60000), rng.uniform(-1, 1, 60000)
    total = np.zeros((*shape, 3))
    bounds = None
    for step in range(190):
        if kind == "clifford":
            nx, ny = np.sin(a * y) + c * np.cos(a * x), np.sin(b * x) + d * np.cos(b * y)
        else:
            nx, ny = np.sin(a * y) - np.cos(b * x), np.sin(c * x) - np.cos(d * y)
        tint = ramp(np.clip(0.5 + 0.28 * (nx - x), 0, 1), palette)
        x, y = nx, ny
        if step < 15:
            continue
        if bounds is None:
            bounds = (x.min(), x.max(), y.min(), y.max())
        zoom = min(shape[1] * 0.94 / (bounds[1] - bounds[0]), shape[0] * 0.94 / (bounds[3] - bounds[2]))
        px = (x - (bounds[0] + bounds[1]) / 2) * zoom + shape[1] / 2
        py = (y - (bounds[2] + bounds[3]) / 2) * zoom + shape[0] / 2
        for k in range(3):
            total[..., k] += splat(px, py, tint[:, k], shape)
    light = total.max(-1, keepdims=True)
    tone = np.log1p(light / np.percentile(light[light > 0], 60)) / np.log1p(35)
    xx, yy = pixels(scale)
    ground = ramp(np.clip(np.hypot(xx - 480, yy - 320) / 620, 0, 1), "141a30 0a0d1c 04050b")
    image: Floats = ground + total / np.maximum(light, 1e-9) * np.clip(tone, 0, 1.1) ** 0.9
    return image


def aurora(rng: np.random.Generator, variant: int) -> Floats:
    """Northern lights over hills and a still lake."""
    sky, low_colour, high_colour, shore = [
        ("030818 08183a 123a5c", "36f5a2", "9a4dff", 470),
        ("050417 170f3d 3a1f5c", "58f0d0", "ff4fa0", 500),
        ("02100f 062a2c 0e4a45", "a8ff5e", "2fb4ff", 455),
        ("060818 101a44 2c3a78", "4fe3ff", "c04dff", 485),
    ][variant]
    x, y = pixels()
    image = ramp(y / shore, sky)
    image += stars(rng, 900, 0.8) * smoothstep(shore, shore - 260, y)[..., None] * 0.9
    rise = np.arange(HEIGHT)
    for k in range(3):
        n = 260000
        s = np.linspace(-0.15, 1.15, n)
        wind = np.interp(s, np.linspace(-0.15, 1.15, 400), line(rng, 400, 2.0))
        drift = np.interp(s, np.linspace(-0.15, 1.15, 400), line(rng, 400, 2.2))
        rays = np.interp(s, np.linspace(-0.15, 1.15, 2500), line(rng, 2500, 0.75))
        px = s * WIDTH + 75 * wind + 40 * np.sin(9 * s + k)
        py = shore - 105 - 70 * k + 34 * drift + 60 * (s - 0.5) * (-1) ** (k + variant)
        power = np.exp(0.75 * rays) * (0.5 + np.clip(drift + 0.6, 0, 2)) * 0.7**k
        base = splat(px, py, power, (HEIGHT, WIDTH)) * WIDTH / n
        spectrum = np.fft.rfft(blur(base, 1.0), 2 * HEIGHT, axis=0)
        for tint, kernel in (
            (low_colour, np.exp(-rise / 42) * smoothstep(0, 10, rise)),
            (high_colour, np.exp(-rise / 95) * smoothstep(15, 110, rise) * 1.15),
        ):
            upward = np.zeros(2 * HEIGHT)
            upward[-rise % (2 * HEIGHT)] = kernel
            veil = np.fft.irfft(spectrum * np.fft.rfft(upward)[:, None], 2 * HEIGHT, axis=0)[:HEIGHT]
            veil /= 1 + 0.3 * veil  # a fold seen edge-on must not burn out
            image += ramp(np.zeros(1), tint)[0] * (0.55 * veil + 0.22 * blur(veil, 14))[..., None]
    image = 1 - np.exp(-1.25 * image)
    for k in range(3):
        ridge = shore - 52 + 24 * k - (26 - 5 * k) * line(rng, WIDTH, 1.3, 2)
        if k == 2:
            ridge = pines(rng, np.full(WIDTH, shore - 6.0) - 5 * line(rng, WIDTH, 1.3), 26)
        hill = ramp(np.full(x.shape, 0.9 - 0.35 * k), sky) * (0.55 - 0.24 * k)
        image = mix(image, hill, np.clip(y - ridge + 0.5, 0, 1))
    wave = cloud(rng, (HEIGHT, WIDTH), 1.4, 6, 0.12) - 0.5
    depth = np.maximum(y - shore, 0)
    from_y = np.clip(shore - depth * 1.5 + wave * (4 + depth * 0.42), 0, shore - 1).astype(int)
    from_x = np.clip(x + wave * (2 + depth * 0.1), 0, WIDTH - 1).astype(int)
    water = image[from_y, from_x] * (0.72 - 0.0012 * depth)[..., None] + 0.012
    return mix(image, water, (y >= shore).astype(float))


def marble(rng: np.random.Generator, variant: int) -> Floats:
    """Marble and ink: noise warped by noise warped by noise."""
    palette, vein = [
        ("0b1d33 14506e 3fa7a0 e9f0d8 fbe3b0 c98442", "ffe9b0"),
        ("1b0b26 5a1846 b83b5e f08a5d f9ed69 fffbe6", "fff6d0"),
        ("f6f2ea e3ddd3 a9b3b6 5d7480 24424f 0d1f2a", "d9a441"),
        ("06281f 0f6b4f 4fb286 cdeac0 f7f5dc e3b23c", "ffe08a"),
    ][variant]
    x, y = pixels()
    noise = [cloud(rng, (HEIGHT, WIDTH), 2.7, 1.5 + 0.2 * variant) for _ in range(5)]
    fine = cloud(rng, (HEIGHT, WIDTH), 1.6, 5)
    qx, qy = noise[0] - 0.5, noise[1] - 0.5
    rx = sample(noise[2], x + 300 * qx, y + 300 * qy) - 0.5
    ry = sample(noise[3], x + 300 * qy, y + 300 * qx) - 0.5
    f = sample(noise[4], x + 430 * rx, y + 430 * ry)
    grain = sample(fine, x + 300 * rx, y + 300 * ry)
    t = np.clip(0.5 + (f - 0.5) * 1.5 + (grain - 0.5) * 0.3 + 0.3 * qx, 0, 1)
    slope = np.gradient(blur(f, 1.0), axis=0) + np.gradient(blur(f, 1.0), axis=1)
    image = ramp(t, palette) * (1 + np.clip(slope * 9, -0.3, 0.3))[..., None]
    gold = np.exp(-(((f + 0.10 * (grain - 0.5) - 0.47) / 0.005) ** 2)) * smoothstep(-0.1, 0.2, rx)
    return mix(image, np.broadcast_to(ramp(np.zeros(1), vein), image.shape), 0.85 * gold)


def ocean(rng: np.random.Generator, variant: int) -> Floats:
    """The sun over the sea."""
    sky, sun, warm, deep = [
        ("1f2a5c 5a4a8c c9667a f79a5e ffdb8a", (480, 268), "ffe2a0", "0e1c3c"),
        ("0b2a55 1f6aa5 6bb5d6 cfeaf0 fff7e0", (260, 150), "fffbe8", "06304a"),
        ("1a0a2e 4a1250 a52a5a ec5f3c ffb84a", (660, 300), "ffd070", "14081f"),
        ("14213d 2f4a78 7f8fb8 e6b8b0 ffe0c0", (600, 285), "fff0d8", "0f1e36"),
    ][variant]
    x, y = pixels()
    horizon = 345.0
    far = np.hypot(x - sun[0], (y - sun[1]))
    warmth = ramp(np.zeros(1), warm)[0]
    image = ramp(np.clip(y / horizon, 0, 1), sky)
    image += warmth * (0.5 * np.exp(-far / 90) + 0.3 * np.exp(-far / 280))[..., None]
    above = np.maximum(horizon - y, 3) / horizon
    texture = cloud(rng, (1024, 1024), 1.75, 4)
    puff = sample(texture, (x - 480) * 0.55 / (above + 0.14) + 300, 260 / (above + 0.14))
    cover = smoothstep(0.5, 0.78, puff) * smoothstep(0.0, 0.12, above)
    thick = smoothstep(0.55, 0.95, puff)
    lining = ramp(np.clip(1.0 - far / 700, 0, 1), sky) * 1.05 + warmth * (0.35 * np.exp(-far / 240))[..., None]
    image = mix(image, mix(lining, lining * np.array([0.62, 0.58, 0.7]), thick), cover * 0.85)
    image = mix(
        image, np.broadcast_to(warmth * 1.05, image.shape), smoothstep(40, 37.5, far) * (1 - 0.5 * cover)
    )
    below = np.maximum(y - horizon, 0.6)
    z = 9000 / (below + 6)
    waves = cloud(rng, (1024, 1024), 1.5, 7, 0.5)
    swell = sample(waves, (x - 480) * z * 0.011 + 77, z * 2.3) - 0.5
    chop = sample(waves, (x - 480) * z * 0.03 + 500, z * 6.1 + 333) - 0.5
    tilt = (swell * 1.3 + chop * 0.9) * smoothstep(0, 50, below)
    mirror = np.clip(horizon - below * 0.9 - tilt * 260, 0, horizon - 1)
    sea = (
        ramp(mirror / horizon, sky) * 0.62
        + ramp(np.zeros(1), deep)[0] * (0.3 + 0.9 * np.clip(tilt + 0.2, 0, 1))[..., None]
    )
    path = np.exp(-(((x - sun[0]) / (34 + below * 0.42)) ** 2))
    sparkle = smoothstep(0.06, 0.32, swell * 0.8 + chop * 0.9 + 0.16 * path) * path
    sea = sea * (1 - 0.0011 * below)[..., None] + warmth * (0.95 * sparkle + 0.13 * path)[..., None]
    return mix(image, sea, np.clip(y - horizon, 0, 1))


def facets(rng: np.random.Generator, variant: int) -> Floats:
    """Low-poly triangles, and hexagons that stack up as cubes."""
    palette = [
        "23254f 5b3b8c c2528b ff8b6a ffd58a",
        "062f4f 0f7173 4fb99f f2e8a0 f05d5e 7b1e3a",
        "0a1128 1b4f8c 2fa4c9 b8f0e0 fffbe3",
        "2b0f3a 8c1c5a e8505b f9a03f f9f871",
    ][variant]
    scale = 2
    canvas = Image.new("RGB", (WIDTH * scale, HEIGHT * scale))
    draw = ImageDraw.Draw(canvas)
    hills = cloud(rng, (HEIGHT, WIDTH), 2.6, 1.2)

    def fill(points: list[tuple[float, float]], t: float, light: float) -> None:
        rgb = np.clip(ramp(np.array([np.clip(t, 0, 1)]), palette)[0] * light, 0, 1) * 255
        draw.polygon(
            [(px * scale, py * scale) for px, py in points], fill=(int(rgb[0]), int(rgb[1]), int(rgb[2]))
        )

    def height(px: float, py: float) -> float:
        return float(hills[int(np.clip(py, 0, HEIGHT - 1)), int(np.clip(px, 0, WIDTH - 1))])

    if variant % 2 == 0:
        step = 46
        nx, ny = WIDTH // step + 4, HEIGHT // step + 4
        gx = (np.arange(nx) - 1)[None, :] * step + rng.uniform(-17, 17, (ny, nx))
        gy = (np.arange(ny) - 1)[:, None] * step + rng.uniform(-17, 17, (ny, nx))
        for j in range(ny - 1):
            for i in range(nx - 1):
                corners = [(j, i), (j, i + 1), (j + 1, i + 1), (j + 1, i)]
                halves = [(0, 1, 2), (0, 2, 3)] if rng.random() < 0.5 else [(0, 1, 3), (1, 2, 3)]
                for half in halves:
                    points = [(float(gx[corners[k]]), float(gy[corners[k]])) for k in half]
                    z = [height(*p) * 240 for p in points]
                    (ax, ay), (bx, by), (cx, cy) = points
                    u, v = (bx - ax, by - ay, z[1] - z[0]), (cx - ax, cy - ay, z[2] - z[0])
                    normal = np.cross(u, v)
                    shade = float(normal @ (-0.5, -0.65, 0.9)) / (float(np.linalg.norm(normal)) + 1e-9)
                    mx, my = (ax + bx + cx) / 3, (ay + by + cy) / 3
                    t = 0.55 * my / HEIGHT + 0.2 * mx / WIDTH + 0.9 * (height(mx, my) - 0.5) + 0.12
                    fill(points, t, 0.62 + 0.42 * abs(shade) + float(rng.normal(0, 0.025)))
    else:
        r = 24.0
        hexagon = [(r * np.sin(np.pi * k / 3), -r * np.cos(np.pi * k / 3)) for k in range(6)]
        for j in range(-1, int(HEIGHT / (1.5 * r)) + 3):
            for i in range(-1, int(WIDTH / (r * 1.732)) + 3):
                cx, cy = (i + 0.5 * (j % 2)) * r * np.sqrt(3), j * 1.5 * r
                t = (
                    0.5
                    + 1.25 * (height(cx, cy) - 0.5)
                    + 0.35 * (cy / HEIGHT - 0.5)
                    + float(rng.normal(0, 0.035))
                )
                corner = [(cx + hx, cy + hy) for hx, hy in hexagon]
                for light, (p, q, s) in ((1.08, (5, 0, 1)), (0.82, (1, 2, 3)), (0.58, (3, 4, 5))):
                    fill([(cx, cy), corner[p], corner[q], corner[s]], t, light)
    image = np.asarray(canvas, dtype=float) / 255
    x, y = pixels(scale)
    lit: Floats = image * (1.08 - 0.0003 * np.hypot(x - 380, y - 240))[..., None]
    return lit


def nebula(rng: np.random.Generator, variant: int) -> Floats:
    """Gas, dust and stars."""
    gas = [
        ("ff5470", "3a7bff", "ffd28a"),
        ("32e0c4", "7a3cff", "ff8ad1"),
        ("ff9a3c", "c2255c", "6ec6ff"),
    ][variant]
    x, y = pixels()
    shape = (HEIGHT, WIDTH)
    wx, wy = cloud(rng, shape, 2.2, 1.6) - 0.5, cloud(rng, shape, 2.2, 1.6) - 0.5
    band = np.exp(-((((y - 320) - (x - 480) * rng.uniform(-0.6, 0.6) + 260 * wx) / 210) ** 2))
    image = np.zeros((*shape, 3)) + np.array([0.012, 0.014, 0.035])
    for k, tint in enumerate(gas):
        wisps = sample(cloud(rng, shape, 1.7, 2), x + 260 * wx, y + 260 * wy)
        ridged = 1 - np.abs(2 * sample(cloud(rng, shape, 1.9, 3), x + 200 * wy, y + 200 * wx) - 1)
        glow = smoothstep(0.36, 0.95, wisps) * (0.3 + 0.9 * band) * (0.45 + 0.9 * ridged**3)
        image += ramp(np.zeros(1), tint)[0] * ((1.5, 1.3, 0.75)[k] * glow ** (1, 1, 1.8)[k])[..., None]
    image += (
        np.array([1.0, 0.9, 0.8])
        * (0.35 * band**3 * smoothstep(0.45, 0.9, cloud(rng, shape, 1.8, 2)))[..., None]
    )
    dust = smoothstep(0.5, 0.78, sample(cloud(rng, shape, 1.6, 2.5), x + 240 * wx, y - 240 * wy)) * band
    image *= (1 - 0.82 * dust)[..., None]
    image += stars(rng, 2600, 0.9) * (1 - 0.6 * dust)[..., None]
    for _ in range(7):  # the cross that a telescope's struts draw about the brightest stars
        cx, cy, size = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(8, 26)
        dx, dy = np.abs(x - cx), np.abs(y - cy)
        spike = (
            np.exp(-dx / size - dy / 0.9) + np.exp(-dy / size - dx / 0.9) + 1.5 * np.exp(-np.hypot(dx, dy) / 3)
        )
        image += spike[..., None] * np.array([0.9, 0.95, 1.0])
    exposed: Floats = 1 - np.exp(-1.35 * image)
    return exposed


def planet(rng: np.random.Generator, variant: int) -> Floats:
    """A world with rings, and a moon."""
    bands, ring_colour, gas, centre, radius, roll = [
        ("5a3a2a a8734a e8c39a f7e6c8 d9a066 8c5a3c", "e8d3b0", "3a4a9c", (430, 330), 170, -0.38),
        ("0a2a5c 1f66b0 5fb8e0 d6f4ff 3f8fd0 123f80", "bcd8f0", "7a2f7a", (540, 300), 185, 0.32),
        ("3b0f4a 8c2f7a e070a0 ffd0c0 b04a90 4a1a60", "ffc9a8", "1f6a70", (470, 330), 160, 0.52),
    ][variant]
    scale = 1.5
    x, y = pixels(scale)
    shape = (HEIGHT, WIDTH)
    haze = cloud(rng, shape, 2.0, 1.2)
    back = (
        np.array([0.01, 0.012, 0.03])
        + ramp(np.zeros(1), gas)[0] * (0.75 * smoothstep(0.42, 1.0, haze) ** 1.3)[..., None]
    )
    back = back + stars(rng, 1500, 0.9)
    image = np.stack([sample(back[..., k], x, y) for k in range(3)], -1)
    u = ((x - centre[0]) * np.cos(roll) + (y - centre[1]) * np.sin(roll)) / radius
    v = (-(x - centre[0]) * np.sin(roll) + (y - centre[1]) * np.cos(roll)) / radius
    sun = np.array([-0.62, -0.42, 0.66])
    sun /= np.linalg.norm(sun)

    def ball(u: Floats, v: Floats, palette: str, swirl: float) -> tuple[Floats, Floats]:
        w = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
        latitude, longitude = v * 0.94 + w * 0.34, np.arctan2(u, w + 1e-6)
        noise = cloud(rng, (512, 512), 1.7, 3, 3.0)
        wobble = sample(noise, longitude * 120 + 90, latitude * 210) - 0.5
        fine = sample(noise, longitude * 230 + 300 * wobble, latitude * 640 + 100) - 0.5
        stripe = (
            0.5
            + 0.36 * np.sin(latitude * swirl + 1.5 * wobble)
            + 0.13 * np.sin(latitude * swirl * 2.7 + 1)
            + 0.28 * fine
        )
        day = np.clip(
            u * (sun[0] * np.cos(roll) + sun[1] * np.sin(roll))
            + v * (-sun[0] * np.sin(roll) + sun[1] * np.cos(roll))
            + w * sun[2],
            0,
            1,
        )
        rim = (1 - w) ** 3
        colour = ramp(np.clip(stripe, 0, 1), palette) * (0.015 + 1.15 * day**0.85)[..., None]
        return colour + ramp(np.full(1, 0.55), palette)[0] * (0.7 * rim * day)[..., None], np.hypot(u, v)

    disc, reach = ball(u, v, bands, 9)
    tilt = 0.30
    away = np.hypot(u, v / tilt)
    texture = line(rng, 3000, 0.55)
    grooves = np.interp(away, np.linspace(1.3, 2.35, 3000), texture)
    opaque = np.clip(0.62 + 0.2 * grooves, 0.08, 1) * smoothstep(1.32, 1.36, away) * smoothstep(2.3, 2.24, away)
    opaque *= 1 - 0.9 * smoothstep(1.9, 1.92, away) * smoothstep(1.99, 1.97, away)
    behind = np.abs(-0.75 * u + 0.66 * v / tilt * 1.0) < 1  # the planet's shadow lies across the far side
    shadow = np.where(behind & (0.66 * u + 0.75 * v / tilt > 0.0) & (v < 0), 0.16, 1.0)
    ring = ramp(np.zeros(1), ring_colour)[0] * ((0.62 + 0.22 * grooves) * shadow)[..., None]
    glow = np.exp(-np.maximum(reach - 1, 0) * 9) * np.clip(0.5 - 0.6 * u, 0.05, 1)
    image += ramp(np.full(1, 0.6), bands)[0] * (0.3 * glow)[..., None]
    cast = 1 - 0.55 * smoothstep(0.05, 0.0, np.abs(np.hypot(u, (v + 0.16) / tilt) - 1.5) - 0.12) * (v > -0.1)
    image = mix(image, ring, opaque * (v < 0))
    image = mix(image, disc * cast[..., None], smoothstep(1.006, 0.994, reach))
    image = mix(image, ring, opaque * (v >= 0))
    mx, my, mr = (770, 150, 34) if centre[0] < 500 else (175, 480, 38)
    moon, near = ball((x - mx) / mr, (y - my) / mr, "5c5a58 8f8a84 bdb6aa 75706a", 4)
    return mix(image, moon * 1.1, smoothstep(1.03, 0.97, near))


def dunes(rng: np.random.Generator, variant: int) -> Floats:
    """Desert seen from a low flight: a height field, cast column by column."""
    sky, sand, shade, sun, place = [
        ("3f6fae 8fb8d8 f2dcc0 ffd9a0", "f6c48a", "8a4a3a", (0.85, 0.3), 128),
        ("2a1a4a 8a3a6a f0805a ffc880", "f09060", "3f1a4a", (0.9, 0.3), 300),
        ("0f1c40 2f4a80 7f9ac0 c8d4e4", "a8b8d8", "1c2748", (0.9, 0.3), 128),
    ][variant]
    size = 1024
    yy, xx = np.mgrid[0:size, 0:size] / size
    wx, wy = cloud(rng, (size, size), 2.6, 2) - 0.5, cloud(rng, (size, size), 2.6, 2) - 0.5
    height = np.zeros((size, size))
    for waves, weight, bend in ((4, 1.0, 0.42), (7, 0.3, 0.3)):
        phase = ((xx * waves + yy * (waves - 2)) + bend * waves * (wx + 0.6 * wy)) % 1
        height += weight * np.where(phase < 0.7, (phase / 0.7) ** 1.4, ((1 - phase) / 0.3) ** 0.8)
    height = blur(height * (0.55 + 0.9 * cloud(rng, (size, size), 2.8, 2)), 1.2)
    ripples = np.sin((xx * 2 * np.pi * 30 + yy * 2 * np.pi * 170) + 34 * wx + 20 * wy)
    columns = np.arange(WIDTH)
    z = 34 * 1.0062 ** np.arange(640)
    horizon, eye, tall = 215.0, 170.0, 105.0
    wide = (columns - WIDTH / 2) / WIDTH
    px, pz = wide[None, :] * z[:, None] + place, np.repeat(z[:, None], WIDTH, 1)
    ground = sample(height, px, pz)
    screen = horizon + (eye - tall * ground) * 190 / z[:, None]
    lowest = np.minimum.accumulate(screen, axis=0)
    _, y = pixels()
    hit = np.empty((HEIGHT, WIDTH), int)
    for k in columns:
        hit[:, k] = np.searchsorted(-lowest[:, k], -np.arange(HEIGHT), side="left")
    seen = hit < len(z)
    hit = np.minimum(hit, len(z) - 1)
    depth = z[hit]
    wx2, wz2 = wide[None, :] * depth + place, depth
    gx, gz = np.gradient(height * tall, axis=1), np.gradient(height * tall, axis=0)
    near = np.exp(-depth / 240)
    rip = sample(ripples, wx2, wz2) * 0.16 * near
    sx, sz = sample(gx, wx2, wz2) + rip * 0.4, sample(gz, wx2, wz2) + rip
    facing = (-sx * sun[0] + sz * 0.35 + sun[1]) / np.sqrt(1 + sx * sx + sz * sz)
    t = smoothstep(-0.25, 0.85, facing)
    image = ramp(np.clip(y / horizon, 0, 1), sky)
    veil = cloud(rng, (HEIGHT, WIDTH), 1.8, 2, 0.3)
    image = mix(image, np.ones_like(image), 0.35 * smoothstep(0.55, 0.95, veil) * smoothstep(horizon, 30, y))
    land = (
        ramp(t, f"{shade} {sand}")
        * (0.94 + 0.12 * sample(cloud(rng, (size, size), 1.0, 20), wx2 * 3, wz2 * 3))[..., None]
    )
    land = mix(land, ramp(np.full(y.shape, 0.86), sky), 1 - np.exp(-((depth / 900) ** 1.4)))
    return mix(image, land, seen.astype(float))


# ---------------------------------------------------------------- finishing and writing


def families() -> list[Family]:
    """The kinds in the order in which the gallery meets them."""
    return [
        mountains,
        julia,
        glass,
        strands,
        ocean,
        facets,
        aurora,
        marble,
        attractor,
        planet,
        mandelbrot,
        dunes,
        nebula,
    ]


def encode(image: Floats, seed: int) -> bytes:
    """A baseline JPEG in the window of sizes: the best quality that fits, with film grain if it is small."""
    canvas = Image.fromarray((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))
    plain = np.asarray(canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), dtype=float)
    grain = np.random.default_rng(seed).normal(0, 1, (HEIGHT, WIDTH, 1))
    for strength in (1.2, 2.0, 3.0, 4.2, 6.0):
        picture = Image.fromarray(np.clip(plain + strength * grain + 0.5, 0, 255).astype(np.uint8))
        low, high, best = 30, 96, b""
        while low <= high:
            quality = (low + high) // 2
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=False)
            if len(buffer.getvalue()) <= WANTED:
                low, best = quality + 1, buffer.getvalue()
            else:
                high = quality - 1
        if len(best) >= SMALLEST:
            return best
    raise ValueError("no quality gives a file of the size that is wanted")


def make(number: int) -> bytes:
    """The JPEG file of picture `number`, the same bytes each time."""
    kinds = families()
    image = kinds[number % len(kinds)](np.random.default_rng(1000 + number), number // len(kinds))
    return encode(image, number)


def main() -> None:
    """Writes the pictures; with numbers on the command line only those."""
    parser = argparse.ArgumentParser(description="Make the sample pictures.")
    home = Path(__file__).parent.parent / "resources" / "pictures"
    parser.add_argument("numbers", nargs="*", type=int, default=list(range(COUNT)))
    parser.add_argument("--folder", type=Path, default=home)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for number in options.numbers:
        (options.folder / f"{number:02}.jpg").write_bytes(make(number))


if __name__ == "__main__":
    main()
