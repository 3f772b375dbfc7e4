"""Charts, judged by the real Helm and by what they render to."""
