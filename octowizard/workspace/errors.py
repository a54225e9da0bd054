"""What can be wrong with the workspace; each message is one sentence that says what, where and what to do."""


class WorkspaceError(Exception):
    """The workspace cannot be used. Nothing was written to a vendor."""


class WorkspaceLocked(WorkspaceError):
    """Another octowizard runs a sync on this workspace; the message names it."""


class WorkspaceDamaged(WorkspaceError):
    """The workspace holds what octowizard never wrote there."""


class ReadingDamaged(WorkspaceDamaged):
    """What is damaged was read of a vendor: it can be forgotten and read again."""


class WorkspaceFull(WorkspaceError):
    """The disk took no more. What was confirmed before stands."""
