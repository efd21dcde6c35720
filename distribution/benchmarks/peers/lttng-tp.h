/* An LTTng-UST tracepoint of three longs. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER pagewheel
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng-tp.h"
#if !defined(PAGEWHEEL_TP_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define PAGEWHEEL_TP_H
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(pagewheel, three, LTTNG_UST_TP_ARGS(long, a, long, b, long, c),
                           LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(long, a, a)
                                                   lttng_ust_field_integer(long, b, b)
                                                       lttng_ust_field_integer(long, c, c)))
#endif
#include <lttng/tracepoint-event.h>
