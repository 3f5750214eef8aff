"""What tests of the window share: the whole program, built inside of a test."""

from __future__ import annotations

from tests.support.whole_app import stage as stage
