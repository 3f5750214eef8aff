"""The whole program, for promises that a window is part of."""

from tests.support.whole_app import stage as stage
