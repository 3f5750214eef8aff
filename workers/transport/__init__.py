"""Reading web addresses under our own deadlines, with requests, aiohttp or Qt; used for downloads only."""
