package dev.esteira.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Runs each exchange on a virtual thread of its own, so that Jetty's threads never block and a
 * handler may keep a connection that it took over.
 */
final class Bridge extends org.eclipse.jetty.server.Handler.Abstract.NonBlocking {
  private static final Logger LOG = Logger.getLogger(Bridge.class.getName());

  private final Thread.Builder threads;
  private final Handler handler;
  private final Limits limits;
  private final Phaser open = new Phaser(1);
  private final Set<TakenOverConnection> takenOver = ConcurrentHashMap.newKeySet();

  Bridge(String name, Handler handler, Limits limits) {
    this.threads = Thread.ofVirtual().name(name + "-", 0);
    this.handler = handler;
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    JettyExchange exchange = new JettyExchange(request, response, callback, takenOver);
    open.register();
    threads.start(() -> serve(exchange, request, callback));
    return true;
  }

  private void serve(JettyExchange exchange, Request request, Callback callback) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    boolean multiplexed = request.getConnectionMetaData().getHttpVersion().getVersion() >= 20;
    request.addIdleTimeoutListener(_ -> false);
    try {
      if (!multiplexed) {
        endPoint.setIdleTimeout(limits.stallMillisMax());
      }
      answer(exchange);
      if (exchange.isTakenOver()) {
        return;
      }
      exchange.finish();
      if (!multiplexed) {
        endPoint.setIdleTimeout(limits.idleMillisMax());
      }
      callback.succeeded();
    } catch (Throwable e) {
      LOG.log(Level.FINE, e, () -> exchange.method() + " " + exchange.rawPath() + " was cut off");
      callback.failed(e);
    } finally {
      open.arriveAndDeregister();
    }
  }

  private void answer(JettyExchange exchange) throws Exception {
    try {
      handler.handle(exchange);
    } catch (EsteiraException e) {
      fail(exchange, e);
    } catch (IOException e) {
      // Mostly a client that left; if it still listens it learns that the answer has no end.
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      LOG.log(Level.WARNING, e, () -> exchange.method() + " " + exchange.rawPath() + " failed");
      fail(exchange, EsteiraException.internal("internal failure: " + e, e));
    }
  }

  private static void fail(JettyExchange exchange, EsteiraException e) throws IOException {
    if (exchange.isTakenOver()) {
      throw new IOException(e);
    }
    if (e.code() == ErrorCode.INTERNAL) {
      LOG.log(Level.WARNING, e, () -> exchange.method() + " " + exchange.rawPath());
    }
    exchange.discard();
    exchange.json(e.code().httpStatus(), body(e));
  }

  private static ObjectNode body(EsteiraException e) {
    ObjectNode error = Json.object();
    error.put("code", e.code().wire()).put("message", e.text()).put("next", e.next());
    ObjectNode body = Json.object();
    body.set("error", error);
    return body;
  }

  /** Ends what was taken over and waits for the other exchanges. */
  void close(Duration limit) {
    takenOver.forEach(TakenOverConnection::close);
    try {
      open.awaitAdvanceInterruptibly(open.arrive(), limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.fine("exchanges were still open when their server was closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
