/**
 * Auto Scaling groups: launch configurations and templates, groups that keep their size, health,
 * refresh, hooks, schedules, activities.
 *
 * <p>Critical file: {@code Groups}.
 */
@NullMarked
package dev.esteira.fleet.group;

import org.jspecify.annotations.NullMarked;
