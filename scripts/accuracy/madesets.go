package main

import "strings"

// madeSets are the made-up sets: customers of several systems, few of which
// know a birth date, and patients, whose records know one each; a census, in
// which next to nobody is there twice; and files that hold a name and one thing
// more, or no name at all.
func madeSets() []madeSet {
	return []madeSet{
		{"made_customers", 3000, 11, []system{
			{"crm", strings.Fields("first last street city state zip email phone dob"), .7, .1},
			{"shop", strings.Fields("full email street city state zip phone"), .6, .15},
			{"support", strings.Fields("full email phone"), .4, .2},
			{"letter", strings.Fields("first email zip"), .3, .05},
		}, personFields},
		{"made_patients", 3000, 12, []system{
			{"clinic", strings.Fields("first middle last suffix dob sex street city state zip phone ssn"), .8, .2},
			{"lab", strings.Fields("first last dob sex zip phone"), .5, .1},
			{"billing", strings.Fields("full dob street city state zip email ssn"), .5, .1},
		}, personFields},
		{"made_small", 70, 13, []system{
			{"crm", strings.Fields("first last street city state zip email phone dob"), .8, .2},
			{"shop", strings.Fields("full email street city state zip phone"), .6, .2},
		}, personFields},
		{"made_census", 4000, 14, []system{
			{"census", strings.Fields("first middle last dob sex street city state zip"), 1, .01},
			{"survey", strings.Fields("first last dob street city state zip"), .02, 0},
		}, personFields},
		{"made_names_and_addresses", 2000, 15, []system{
			{"list", strings.Fields("full street city zip"), .7, .3},
			{"post", strings.Fields("full street city zip"), .6, .2},
		}, personFields},
		{"made_names_and_postcodes", 2000, 16, []system{
			{"list", strings.Fields("first last zip"), .7, .2},
			{"post", strings.Fields("full zip"), .6, .2},
		}, personFields},
		{"made_names_and_telephones", 2000, 17, []system{
			{"list", strings.Fields("full phone"), .7, .2},
			{"calls", strings.Fields("full phone"), .7, .2},
		}, personFields},
		{"made_contact_points", 2000, 18, []system{
			{"web", strings.Fields("email phone"), .7, .2},
			{"shop", strings.Fields("email phone zip"), .6, .2},
			{"app", strings.Fields("email"), .4, .1},
		}, personFields},
		{"made_names_and_birth_dates", 3000, 19, []system{
			{"clinic", strings.Fields("first last dob sex"), .7, .2},
			{"lab", strings.Fields("first last dob sex zip"), .7, .2},
		}, personFields},
		{"made_tiny", 20, 20, []system{
			{"crm", strings.Fields("first last street city state zip email phone dob"), .8, .3},
			{"shop", strings.Fields("full email phone zip"), .7, .3},
		}, personFields},
	}
}
