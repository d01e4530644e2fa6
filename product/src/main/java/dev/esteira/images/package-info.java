/**
 * Recipes of the base images that Esteira ships, made from Debian packages.
 *
 * <p>Promises: an image is made once for each recipe, by the recipe's hash, and kept outside of any
 * home; a tag that somebody pushed is left alone; what stands in for an image of another registry
 * says that it does.
 *
 * <p>Critical file: {@code BaseImages}.
 */
@NullMarked
package dev.esteira.images;

import org.jspecify.annotations.NullMarked;
