import {
  type LoadedCatalogue,
  CatalogueKeeper as Whole,
} from '../../../../gateway/src/proxies/postgres/catalogue/keeper.ts';

export * from '../../../../gateway/src/proxies/postgres/catalogue/keeper.ts';

/** What was read of the catalogue once holds for ever. */
export class CatalogueKeeper extends Whole {
  override current(): Promise<LoadedCatalogue> | LoadedCatalogue {
    return this.loaded ?? super.current();
  }

  override async check(): Promise<LoadedCatalogue> {
    return this.loaded ?? super.check();
  }
}
