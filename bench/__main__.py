"""``make bench``: print what things cost on this machine."""

from bench import say


def main() -> None:
    print(
        f"one message, decided, encoded, carried, folded and framed in a room of 12: {say.microseconds():.1f} µs"
    )


if __name__ == "__main__":
    main()
