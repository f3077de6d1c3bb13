/* api_station.h - the station in its box: who seals here, and where its files lie. */
#ifndef VERGER_API_STATION_H
#define VERGER_API_STATION_H

#include "../audit/record.h"

struct station_box {
    char *name, *authority; /* owned; `station` borrows them */
    struct seal *seal;      /* owned */
    struct home *home;      /* borrowed from Lua, which the box's user value keeps */
    struct station station;
};

#endif
