// Package need says what a test cannot do without. Where it is missing, on a laptop, the test is skipped; where everything must be tested, which
// CI=true or LBSUP_TEST_ALL=1 in the environment says, it fails.
package need
