package dev.esteira.images;

import dev.esteira.base.EsteiraException;
import dev.esteira.engine.ImageName;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The stand-ins of the catalogue, made on the shelf; some are images that are shipped anyway. */
final class DebianStandIns implements StandInImages {
  private final BaseImages shipped;
  private final ImageShelf shelf;
  private final ConcurrentHashMap<String, Blueprint> known = new ConcurrentHashMap<>();

  DebianStandIns(BaseImages shipped, ImageShelf shelf) {
    this.shipped = shipped;
    this.shelf = shelf;
  }

  @Override
  public Optional<StandIn> of(ImageName asked) {
    return Catalogue.find(asked)
        .map(recipe -> {
          known.put(recipe.name(), recipe);
          return new StandIn(recipe.name(), recipe.says());
        });
  }

  @Override
  public String ensure(StandIn standIn, Consumer<String> progress) {
    if (shipped.ships(standIn.image())) {
      return shipped.ensure(standIn.image(), progress);
    }
    Blueprint recipe = known.get(standIn.image());
    if (recipe == null) {
      throw EsteiraException.notFound("there is no stand-in '" + standIn.image() + "'");
    }
    return shelf.ensure(recipe, progress);
  }
}
