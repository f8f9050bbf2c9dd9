// Package cost knows what a check costs, beside the cheapest program there is and beside what the documented pair runs, and what the supervisor costs while nothing happens.
package cost
