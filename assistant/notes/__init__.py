"""What was learned from a call: journal in, values and pages out. Nothing here touches a disk."""
