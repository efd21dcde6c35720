/** An application's code, which probes may change: nothing in {@code org.pagewheel} is. */
package com.example.traced;
