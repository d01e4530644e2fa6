package dev.esteira.pipeline.gitlab;

/** Where something stands: a file of the commit, or of another project, and a line from 1. */
record Place(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
