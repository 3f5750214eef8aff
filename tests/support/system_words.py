"""What a system says of files, as patterns: it stands in our sentences, and Windows and wine have their own words."""

NO_FILE = "(No such file or directory|The system cannot find the (file|path) specified|(File|Path) not found)"
NO_FOLDER = (
    "(File exists|Not a directory|Cannot create a file when that file already exists|File already exists)"
)
