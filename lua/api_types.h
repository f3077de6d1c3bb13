/* api_types.h - the names of the types that Lua holds in boxes. */
#ifndef VERGER_API_TYPES_H
#define VERGER_API_TYPES_H

#define API_KEY "verger.key"         /* struct key */
#define API_SECRET "verger.secret"   /* struct secret */
#define API_DRAFT "verger.draft"     /* api_draft.c */
#define API_PAGE "verger.page"       /* struct page */
#define API_RECORD "verger.record"   /* struct record */
#define API_HOME "verger.home"       /* struct home */
#define API_STATION "verger.station" /* api_home.c: struct station_box */

#endif
