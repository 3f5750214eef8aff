"""An example to start from: change it, or put your own functions here. Thaw reads this file again when you save it.

Any function at the top of a file will do. Its parameters become a form: give each a default, and a line below "Args:".
"""

# Both functions compute in pure Python, which holds Python's lock (the GIL): calls take turns with each other, and the
# window stays smooth. Leave this line out for work that waits, such as downloads, or that calls numpy or Pillow.
GIL = "holds"


def count_primes(up_to: int = 100_000) -> int:
    """Count the prime numbers below a limit. A plain function: Thaw knows when a call ends, and nothing before that.

    Args:
        up_to: where to stop (10 to 10,000,000)
    """
    is_prime = [True] * up_to
    is_prime[:2] = [False, False]
    for number in range(2, int(up_to**0.5) + 1):
        if is_prime[number]:
            for multiple in range(number * number, up_to, number):
                is_prime[multiple] = False
    return sum(is_prime)


def longest_words(words: int = 100_000, letters: int = 8, seed: int = 1):
    """Make up words and keep the longest. A generator: each yield is progress, and a moment to pause or cancel.

    Args:
        words: how many words to make up (1 to 10,000,000)
        letters: how many letters a word has on average (1 to 100)
        seed: filled in by Thaw, as `index` is, the number of the call, where a function has a parameter of that name
    """
    state, longest = seed, ""
    for number in range(1, words + 1):
        word = ""
        for _ in range(letters + number % 3):
            state = (state * 1_103_515_245 + 12_345) % 2**31
            word += chr(97 + state // 65_536 % 26)
        if len(word) > len(longest):
            longest = word
        if (
            number % 200 == 0
        ):  # about every millisecond: more often costs time, more seldom makes the window lag
            yield 200
    return longest
