/**
 * Auto Scaling groups: launch configurations and templates, groups that keep their size, health,
 * refresh, hooks, schedules, activities.
 *
 * <p>Promises: a group's size and its members are decided by one pure machine, {@code
 * GroupMachine}, and recorded before anything is launched or ended; nothing is launched twice for
 * one place, whatever dies meanwhile.
 *
 * <p>Critical file: {@code Groups}.
 */
@NullMarked
package dev.esteira.fleet.group;

import org.jspecify.annotations.NullMarked;
