package dev.esteira.store;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** One SQLite connection with its prepared statements. Not thread-safe. */
final class Sql implements AutoCloseable {
  private static final int BUSY_MILLIS_MAX = 10_000;
  private static final int CACHE_KIBIBYTES = 8 << 10;

  private final Path file;
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** Makes a value of the row at which the cursor stands. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Sql(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static Sql open(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS_MAX);
    config.setCacheSize(-CACHE_KIBIBYTES);
    try {
      return new Sql(file, config.createConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  int update(String sql, Object... arguments) {
    try {
      return bound(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  <T> List<T> query(Row<T> row, String sql, Object... arguments) {
    try (ResultSet results = bound(sql, arguments).executeQuery()) {
      List<T> found = new ArrayList<>();
      while (results.next()) {
        found.add(row.read(results));
      }
      return found;
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  <T> Optional<T> first(Row<T> row, String sql, Object... arguments) {
    return query(row, sql, arguments).stream().findFirst();
  }

  /** The first column of the first row; every such query here has one. */
  long number(String sql, Object... arguments) {
    return first(row -> row.getLong(1), sql, arguments).orElse(0L);
  }

  private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else if (arguments[i] instanceof Integer number) {
        statement.setInt(i + 1, number);
      } else if (arguments[i] instanceof Optional<?> maybe && maybe.isEmpty()) {
        statement.setObject(i + 1, null);
      } else if (arguments[i] instanceof Optional<?> present) {
        statement.setObject(i + 1, present.get());
      } else {
        statement.setString(i + 1, arguments[i].toString());
      }
    }
    return statement;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static EsteiraException failure(Path file, SQLException cause) {
    SQLiteErrorCode code =
        cause instanceof SQLiteException known
            ? known.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    if (code == SQLiteErrorCode.SQLITE_FULL) {
      return new EsteiraException(
          ErrorCode.UNAVAILABLE,
          "could not write to the ledger " + file + ": the disk is full",
          "free some space on its file system and try again; nothing was half done",
          cause);
    }
    return EsteiraException.unavailable(
        "could not use the ledger " + file + ": " + cause.getMessage(), cause);
  }
}
