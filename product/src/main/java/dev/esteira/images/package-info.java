/**
 * Recipes of the base images that Esteira ships, made from Debian packages.
 *
 * <p>Critical file: {@code BaseImages}.
 */
@NullMarked
package dev.esteira.images;

import org.jspecify.annotations.NullMarked;
