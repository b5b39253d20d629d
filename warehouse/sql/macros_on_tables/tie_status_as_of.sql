-- The status of every tie on a day, as it was known on another day.
create or replace macro tie_status_as_of(day, known) as table
    select *
    from tie_status
    where valid_from <= day and day < valid_to and known_from <= known and known < known_to
