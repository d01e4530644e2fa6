package dev.esteira.registry;

import dev.esteira.base.EsteiraException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails with {@code LIMIT} once it has given more bytes than allowed. */
final class LimitedInput extends FilterInputStream {
  private final long bytesMax;
  private long left;

  LimitedInput(InputStream in, long bytesMax) {
    super(in);
    this.bytesMax = bytesMax;
    this.left = bytesMax;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      count(1);
    }
    return b;
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    int n = super.read(to, from, length);
    if (n > 0) {
      count(n);
    }
    return n;
  }

  private void count(int n) {
    left -= n;
    if (left < 0) {
      throw EsteiraException.limit("more than the " + bytesMax + " bytes allowed were sent");
    }
  }
}
