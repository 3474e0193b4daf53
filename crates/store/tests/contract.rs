//! What every database must do, as claims over each that there is: today SQLite in memory and on a file. Another database
//! is one more line in `arms!`.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

#[path = "contract/concerns.rs"]
mod concerns;
#[path = "contract/contents.rs"]
mod contents;
#[path = "contract/declared.rs"]
mod declared;
#[path = "contract/desk.rs"]
mod desk;
#[path = "contract/entries.rs"]
mod entries;
#[path = "contract/file.rs"]
mod file;
#[path = "contract/lists.rs"]
mod lists;
#[path = "contract/objects.rs"]
mod objects;
#[path = "contract/partials.rs"]
mod partials;
#[path = "contract/peers.rs"]
mod peers;
#[path = "contract/people.rs"]
mod people;
#[path = "contract/register.rs"]
mod register;
#[path = "contract/rows.rs"]
mod rows;
#[path = "contract/spaces.rs"]
mod spaces;
#[path = "contract/transactions.rs"]
mod transactions;
#[path = "contract/words.rs"]
mod words;

use store::Store;

/// Gives an empty database each time.
type Fresh<'a> = &'a dyn Fn() -> Store;

fn in_memory(claim: fn(Fresh<'_>)) {
    claim(&|| Store::in_memory().unwrap());
}

fn on_a_file(claim: fn(Fresh<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    claim(&|| {
        number.set(number.get() + 1);
        Store::open(&folder.path().join(format!("{}.db", number.get()))).unwrap()
    });
}

/// Makes each claim a test of each arm.
macro_rules! arms {
    ($($arm:ident),+; $claims:tt) => {$(
        mod $arm {
            arms!(@tests $arm $claims);
        }
    )+};
    (@tests $arm:ident { $($room:ident { $($claim:ident)+ })+ }) => {$(
        mod $room {$(
            #[test]
            fn $claim() {
                crate::$arm(crate::$room::$claim);
            }
        )+}
    )+};
}

arms! { in_memory, on_a_file; {
    concerns {
        concerns_come_in_their_order_and_in_pages_and_move
        counts_follow_what_is_kept_and_a_transaction_that_failed_counts_nothing
        an_entry_is_known_by_when_it_arrived
    }
    desk {
        a_file_not_signed_yet_is_kept_until_it_is_ended_old_or_one_too_many
        one_person_looks_after_an_object_at_a_time
        notes_among_ourselves_are_those_of_the_object_the_newest_first
        a_draft_is_what_was_kept_last_under_its_id
    }
    people {
        a_person_is_kept_under_one_name_and_replaced_by_id
        one_invitation_of_a_person_holds_at_a_time
        sessions_are_listed_by_use_and_end_alone
        failures_are_counted_for_so_many_subjects_and_the_oldest_is_forgotten
    }
    transactions {
        what_was_committed_is_there
        what_was_rolled_back_never_was
        rolling_back_without_a_transaction_does_nothing
        a_transaction_does_not_begin_in_another
        a_transaction_that_failed_half_way_leaves_nothing_when_rolled_back
        a_commit_without_a_transaction_is_refused
        a_copy_holds_all_and_goes_its_own_way
        facts_name_what_durability_rests_on
        a_value_is_found_in_the_tables_that_hold_it
    }
    entries {
        an_entry_is_found_by_id_and_by_place
        no_entry_is_found_where_none_is
        a_place_and_a_number_are_taken_once
        an_entry_is_found_in_any_era_and_also_beside_one_with_the_same_six_bytes
        the_last_number_is_zero_at_first_and_then_that_of_the_last_entry
        the_last_number_falls_back_with_a_transaction
        a_line_is_read_from_a_place_on_and_in_pages
        a_space_is_read_after_a_number_in_the_order_of_arrival_and_in_pages
        the_entries_of_an_object_come_in_fold_order
        a_refusal_is_noted_and_taken_back
        the_objects_that_a_line_touched_are_those_it_is_folded_into_or_has_sighted_for
        a_sighting_is_kept_once_and_in_fold_order
        lapses_come_by_line_and_seq_and_are_those_of_the_space
        the_outbox_counts_own_entries_until_others_hold_them
    }
    contents {
        an_expected_content_is_missing_until_it_is_kept
        a_content_that_comes_along_is_kept
        the_bytes_of_a_content_settle_its_length
        the_entries_that_name_a_content_are_those_of_every_space_and_so_many
        an_erased_content_stays_erased_until_one_more_entry_names_it
        what_is_missing_or_erased_has_no_bytes_and_what_is_withheld_has
        a_content_is_found_behind_its_entry
        a_content_goes_out_with_its_entry_when_it_is_here_and_small
        a_content_is_found_in_any_era_and_beside_many
        a_part_of_a_content_is_as_long_as_was_asked_for
        missing_contents_are_those_that_the_space_names_and_so_many
        a_content_is_named_only_where_an_entry_of_the_space_names_it
        the_objects_of_a_content_are_those_of_the_space
    }
    partials {
        parts_follow_one_another_and_are_each_nodes_own
        what_is_here_in_part_comes_the_stalest_first_until_it_is_dropped
    }
    lists {
        commitments_come_by_due_day_and_then_by_id_in_pages
        commitments_come_by_due_day_from_behind_a_place_on
        a_commitment_kept_again_has_its_new_row_and_voices
        a_commitment_that_moves_is_found_under_its_new_day_in_every_list
        a_dropped_commitment_is_in_no_list
        a_party_sees_what_it_owes_is_owed_and_is_waited_for
        lists_that_do_not_show_what_they_should_are_called_damaged
        papers_come_by_sort_the_latest_day_first
        a_paper_waits_for_whom_it_was_last_kept_with
        commitments_are_found_under_their_agreement
    }
    declared {
        declarations_come_standing_first_by_field_and_then_as_they_came
        a_register_is_of_one_space_party_sort_and_range_of_fields
        a_declaration_kept_again_has_its_new_row_and_a_dropped_one_none
    }
    objects {
        a_record_is_what_was_kept_last
        what_stands_beside_an_entry_is_found_until_it_is_dropped
        a_dropped_record_is_gone_and_dropping_it_again_does_nothing
        the_records_are_those_of_the_space
        what_follows_from_entries_is_dropped_for_one_space_alone
        the_objects_named_are_those_of_entries_whether_kept_or_not
        an_object_keeps_the_number_under_which_it_was_awaited
        the_same_id_is_another_object_in_another_space
        the_objects_that_begin_with_a_prefix_come_by_id_and_not_without_end
    }
    spaces {
        spaces_are_numbered_and_come_in_that_order
        a_space_is_added_once
        lines_come_by_number_and_move
        the_last_line_is_the_highest_of_all_spaces
        introductions_are_kept_once_and_come_by_key_and_depth
        a_value_of_the_nodes_own_is_what_was_set_last
    }
    register {
        the_register_comes_by_day_and_knows_what_is_done
    }
    words {
        commitments_are_found_by_the_beginnings_of_all_their_words_the_newest_first
        words_that_are_taken_out_are_found_nowhere_and_leave_nothing
        what_has_changed_is_to_be_read_once
    }
    peers {
        an_invitation_is_kept_until_it_is_used
        an_invitation_is_added_once
        the_newest_application_of_a_party_counts_and_the_oldest_comes_first
        a_peer_keeps_its_address_when_told_none
        the_newest_receipt_of_a_party_counts
        the_result_of_a_request_is_kept_under_its_id_once
    }
}}

/// The text of every file of Rust in a folder of this crate.
fn text(folder: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let rust = files.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    rust.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_public_function_of_the_store_is_asked_in_a_claim() {
    let (source, claims) = (text("src"), text("tests/contract"));
    // Methods of a row are how the store reads, and a value that is made is not asked, so these promise nothing.
    let of_rows = ["int", "uint", "line", "flag", "blob", "text", "id", "some_id", "new"];
    let mut functions =
        source.lines().filter_map(|line| line.strip_prefix("    pub fn ")?.split(['(', '<']).next());
    let unasked: Vec<_> = functions
        .by_ref()
        .filter(|name| !of_rows.contains(name))
        .filter(|name| !claims.contains(&format!(".{name}(")) && !claims.contains(&format!("Store::{name}(")))
        .collect();
    assert_eq!(unasked, ["in_memory"], "asked by no claim, but for what makes the arms");
}
