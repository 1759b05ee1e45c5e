/**
 * The page of {@code skipjack sparsity --html}: one file that needs no network, with plots drawn as
 * inline SVG.
 */
package dev.skipjack.cli.page;
